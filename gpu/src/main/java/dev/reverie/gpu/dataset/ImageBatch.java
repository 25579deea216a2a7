package dev.reverie.gpu.dataset;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A batch of images, shape {@code [count, channels, height, width]}, row-major. Pixel values are fractions of full
 * intensity, nominally in [0, 1]; floats can be outside this range, for example in gradients and unclamped images.
 * Immutable; input and output are copied, except where a method says so. Instances are compared by identity.
 */
public abstract sealed class ImageBatch permits ByteBatch, ComputedBatch, FloatBatch {

    private final ImageShape shape;
    private final int count;

    ImageBatch(ImageShape shape, int size) {
        if (size % shape.size() != 0) {
            throw new IllegalArgumentException(
                    "expected a multiple of " + shape.size() + " values for " + shape + " images, got " + size);
        }
        this.shape = shape;
        this.count = size / shape.size();
    }

    /**
     * Creates a batch of floats from a copy of {@code values}.
     *
     * @throws IllegalArgumentException if the number of values is not a multiple of {@link ImageShape#size()}
     */
    public static ImageBatch of(ImageShape shape, float[] values) {
        return new FloatBatch(shape, values.clone());
    }

    /** Creates a batch of floats that keeps {@code values}, which nobody must change afterwards. */
    public static ImageBatch owning(ImageShape shape, float[] values) {
        return new FloatBatch(shape, values);
    }

    /**
     * Creates a batch whose images are computed each time that they are read, so that they take no memory.
     *
     * @param images computes the images with the given indices; equal indices must give equal images
     */
    public static ImageBatch computed(
            ImageShape shape, int count, Dtype dtype, Function<List<Integer>, ImageBatch> images) {
        return new ComputedBatch(shape, count, dtype, images);
    }

    /** Creates a batch of bytes from a copy of {@code levels}. */
    public static ImageBatch of(ImageShape shape, byte[] levels) {
        return new ByteBatch(shape, levels.clone());
    }

    /**
     * Creates a batch of bytes.
     *
     * @throws IllegalArgumentException if there are no images, or the images differ in shape
     */
    public static ImageBatch of(List<Image> images) {
        if (images.stream().map(Image::shape).distinct().count() != 1) {
            throw new IllegalArgumentException("expected at least one image, all of one shape");
        }
        ImageShape shape = images.getFirst().shape();
        ByteBuffer levels = ByteBuffer.allocate(Math.multiplyExact(images.size(), shape.size()));
        images.forEach(image -> levels.put(image.levels()));
        return new ByteBatch(shape, levels.array());
    }

    /**
     * Concatenates {@code batches}. The result has bytes only if all batches have, and is packed only if all batches
     * are packed in the same way.
     *
     * @throws IllegalArgumentException if there are no batches, or the batches differ in shape
     */
    public static ImageBatch join(List<ImageBatch> batches) {
        if (batches.stream().map(ImageBatch::shape).distinct().count() != 1) {
            throw new IllegalArgumentException("expected at least one batch, all of one shape");
        }
        ImageShape shape = batches.getFirst().shape();
        int size = Math.toIntExact(batches.stream().mapToLong(ImageBatch::size).sum());
        if (batches.stream().allMatch(batch -> batch.dtype() == Dtype.UINT8)) {
            ByteBuffer joined = ByteBuffer.allocate(size);
            batches.forEach(batch -> batch.putLevels(joined));
            return new ByteBatch(shape, joined.array());
        }
        FloatBuffer joined = FloatBuffer.allocate(size);
        batches.forEach(batch -> batch.putFloats(joined));
        return new FloatBatch(shape, joined.array());
    }

    /**
     * Concatenates {@code batches} like {@link #join}, but refers to them instead of copying their values.
     *
     * @throws IllegalArgumentException if there are no batches, or the batches differ in shape or type
     */
    public static ImageBatch chain(List<ImageBatch> batches) {
        ImageBatch first = batches.getFirst();
        if (batches.size() == 1) {
            return first;
        }
        if (!batches.stream().allMatch(batch -> batch.shape.equals(first.shape) && batch.dtype() == first.dtype())) {
            throw new IllegalArgumentException("expected batches of one shape and one type of values");
        }
        NavigableMap<Integer, ImageBatch> byStart = new TreeMap<>();
        int count = 0;
        for (ImageBatch batch : batches) {
            byStart.put(count, batch); // replaces one without images
            count += batch.count;
        }
        return computed(first.shape, count, first.dtype(), indices -> picked(byStart, indices));
    }

    /** Picks as many images of a batch at a time as possible, because a pick may compute all its images. */
    private static ImageBatch picked(NavigableMap<Integer, ImageBatch> byStart, List<Integer> indices) {
        List<ImageBatch> parts = new ArrayList<>();
        int to;
        for (int from = 0; from < indices.size(); from = to) {
            int start = startOf(byStart, indices.get(from));
            to = from + 1;
            while (to < indices.size() && startOf(byStart, indices.get(to)) == start) {
                to++;
            }
            List<Integer> own = indices.subList(from, to).stream()
                    .map(index -> index - start)
                    .toList();
            parts.add(Objects.requireNonNull(byStart.get(start)).pick(own));
        }
        return join(parts);
    }

    private static int startOf(NavigableMap<Integer, ImageBatch> byStart, int index) {
        return Objects.requireNonNull(byStart.floorKey(index));
    }

    public final ImageShape shape() {
        return shape;
    }

    public final int count() {
        return count;
    }

    final int size() {
        return count * shape.size();
    }

    /** Size in which the images are stored, in bytes. */
    public long bytes() {
        return (long) size() * dtype().bytes();
    }

    public abstract Dtype dtype();

    /** Writes image {@code index} to the first {@link ImageShape#size()} elements of {@code target}. */
    public abstract void copyTo(int index, double[] target);

    /** Returns the images at {@code indices}, in that order; an index may occur more than once. */
    public abstract ImageBatch pick(List<Integer> indices);

    /** Appends all values, row-major. */
    abstract void putFloats(FloatBuffer target);

    /** Appends all values, each clamped to [0, 1] and rounded to the nearest multiple of 1/255. */
    abstract void putLevels(ByteBuffer target);

    /** Batches that have the same images together, each small enough for its values to be copied. */
    List<ImageBatch> parts() {
        return List.of(this);
    }

    /** Returns image {@code index} in a new array. */
    public final double[] values(int index) {
        double[] image = new double[shape.size()];
        copyTo(index, image);
        return image;
    }

    /**
     * Returns the same images with values of the given type. Bytes become floats exactly. Floats are clamped to [0, 1]
     * and rounded to the nearest byte.
     */
    public final ImageBatch as(Dtype dtype) {
        if (dtype == dtype()) {
            return this;
        }
        return dtype == Dtype.UINT8 ? new ByteBatch(shape, toLevels()) : new FloatBatch(shape, toArray());
    }

    /** Returns the images with all values in [0, 1]. */
    public final ImageBatch clamped() {
        if (dtype() == Dtype.UINT8) {
            return this;
        }
        float[] values = toArray();
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.clamp(values[i], 0f, 1f);
        }
        return owning(shape, values);
    }

    /** Converts the batch to single images, whose bytes are those of {@link #toLevels()}. */
    public final List<Image> toImages() {
        byte[] levels = toLevels();
        return IntStream.range(0, count)
                .mapToObj(index -> Image.of(shape, levels, index * shape.size(), shape.size()))
                .toList();
    }

    /** Returns a copy of all values, row-major, as unsigned bytes: clamped to [0, 1], times 255, and rounded. */
    public final byte[] toLevels() {
        ByteBuffer levels = ByteBuffer.allocate(size());
        putLevels(levels);
        return levels.array();
    }

    /** Returns a copy of all values, row-major. */
    public final float[] toArray() {
        FloatBuffer values = FloatBuffer.allocate(size());
        putFloats(values);
        return values.array();
    }

    /**
     * Returns all values, row-major, in big-endian IEEE 754 single precision, so that the bytes are the same on all
     * machines.
     */
    public final byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(size(), Float.BYTES));
        putFloats(bytes.asFloatBuffer());
        return bytes.array();
    }

    /** Whether another batch has the same shape and values. */
    final boolean hasValuesOf(ImageBatch other) {
        return this == other
                || (shape.equals(other.shape) && count == other.count && Arrays.equals(toArray(), other.toArray()));
    }
}
