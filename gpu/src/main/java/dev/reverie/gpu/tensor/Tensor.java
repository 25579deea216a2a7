package dev.reverie.gpu.tensor;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * A dense, row-major array in memory of an engine, on the CPU or on a GPU, which its owner frees with {@link #close()}.
 * Mutable and not thread safe; only numerical code uses it, and only with the kernels of the engine that allocated it.
 * Values are copied to and from the heap in blocks, as double values, whatever the precision of the tensor.
 */
public abstract class Tensor implements AutoCloseable {

    /** The highest level of an image, which is the value 1. */
    public static final double MAX_LEVEL = 255;

    private final int[] shape;

    protected Tensor(int... shape) {
        this.shape = shape.clone();
    }

    /** Returns a view of the same memory as a matrix, with one row per index of the first dimension. */
    public abstract Tensor asMatrix();

    /** Number of elements per index of the first dimension. */
    protected final int columns() {
        return Math.toIntExact(size() / shape[0]);
    }

    /** Number of axes. */
    public final int rank() {
        return shape.length;
    }

    public final int dimension(int axis) {
        return shape[axis];
    }

    /** Lengths of all dimensions; not to be changed. */
    protected final int[] shape() {
        return shape;
    }

    /** Number of elements. */
    public final long size() {
        return elements(shape);
    }

    protected static long elements(int... shape) {
        long elements = 1;
        for (int length : shape) {
            elements *= length;
        }
        return elements;
    }

    /** Copies {@code target.length} elements, from flat position {@code offset} on, to {@code target}. */
    public abstract void read(long offset, double[] target);

    /** Overwrites {@code source.length} elements, from flat position {@code offset} on, with {@code source}. */
    public abstract void write(long offset, double[] source);

    /** Copies all elements to {@code target}, from flat position {@code offset} of the target on. */
    public abstract void copyTo(Tensor target, long offset);

    /** Copies row {@code from} of this matrix to row {@code to} of another matrix with the same number of columns. */
    public abstract void copyRowTo(Tensor target, int from, int to);

    public abstract Tensor rows(int from, int count);

    /**
     * Copies all elements, as one array per index of the first dimension. This reads once, because on a GPU every read
     * waits for the operations before it.
     */
    public double[][] toRows() {
        double[] values = toDoubles();
        int columns = columns();
        double[][] rows = new double[shape[0]][];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = Arrays.copyOfRange(values, row * columns, (row + 1) * columns);
        }
        return rows;
    }

    /** Overwrites all elements with a single write, given one array per index of the first dimension. */
    public final void setRows(double[][] rows) {
        setRows(0, rows);
    }

    /**
     * Overwrites the elements of consecutive indices of the first dimension, from {@code first} on, with a single
     * write. An array for each index must be as long as all other dimensions together.
     */
    public final void setRows(int first, double[][] rows) {
        for (double[] row : rows) {
            requireColumns(row.length);
        }
        write((long) first * columns(), rows);
    }

    /** Overwrites consecutive elements, from flat position {@code offset} on, with rows of equal length. */
    protected void write(long offset, double[][] rows) {
        int columns = columns();
        double[] values = new double[Math.multiplyExact(rows.length, columns)];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(rows[row], 0, values, row * columns, columns);
        }
        write(offset, values);
    }

    /**
     * Overwrites the elements of consecutive indices of the first dimension, from {@code first} on, with levels from 0
     * to 255, divided by 255. A buffer of unsigned bytes for each index must be as long as all other dimensions
     * together.
     */
    public final void setLevels(int first, List<ByteBuffer> rows) {
        for (ByteBuffer row : rows) {
            requireColumns(row.remaining());
        }
        writeLevels((long) first * columns(), rows);
    }

    private void requireColumns(int values) {
        if (values != columns()) {
            throw new IllegalArgumentException(
                    "a row of a tensor of " + this + " has " + columns() + " values, got " + values);
        }
    }

    /** Overwrites consecutive elements, from flat position {@code offset} on, with levels divided by 255. */
    protected void writeLevels(long offset, List<ByteBuffer> rows) {
        write(offset, rows.stream().map(Tensor::values).toArray(double[][]::new));
    }

    private static double[] values(ByteBuffer levels) {
        double[] values = new double[levels.remaining()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Byte.toUnsignedInt(levels.get(levels.position() + i)) / MAX_LEVEL;
        }
        return values;
    }

    /** Copies all elements, row by row. */
    public final double[] toDoubles() {
        double[] values = new double[Math.toIntExact(size())];
        read(0, values);
        return values;
    }

    /** Copies all elements to an array of floats. */
    public float[] toFloats() {
        double[] values = toDoubles();
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /** Overwrites all elements. */
    public final void setFloats(float[] values) {
        if (values.length != size()) {
            throw new IllegalArgumentException(
                    "a tensor of " + this + " takes " + size() + " values, got " + values.length);
        }
        write(values);
    }

    /** Overwrites all elements with as many values. */
    protected void write(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        write(0, wide);
    }

    public abstract void fill(double value);

    /** Frees the memory at once. */
    @Override
    public abstract void close();

    /** Returns the shape, for example {@code [16, 128, 32, 32]}. */
    @Override
    public final String toString() {
        return Arrays.toString(shape);
    }
}
