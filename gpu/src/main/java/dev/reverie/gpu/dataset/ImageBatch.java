package dev.reverie.gpu.dataset;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A batch of float images, shape {@code [count, channels, height, width]}, row-major. Unit: grey level as a fraction
 * (nominally [0, 1]; gradients and unclamped images may lie outside). Immutable; input and output are copied. Equality
 * is identity.
 */
public final class ImageBatch {

    private static final float WHITE = 255;

    private final ImageShape shape;
    private final float[] values;

    private ImageBatch(ImageShape shape, float[] values) {
        if (values.length % shape.size() != 0) {
            throw new IllegalArgumentException("expected a multiple of " + shape.size() + " values for " + shape
                    + " images, got " + values.length);
        }
        this.shape = shape;
        this.values = values;
    }

    /**
     * Copies {@code values}.
     *
     * @throws IllegalArgumentException if their number is not a multiple of {@link ImageShape#size()}
     */
    public static ImageBatch of(ImageShape shape, float[] values) {
        return new ImageBatch(shape, values.clone());
    }

    /**
     * Converts images of unsigned bytes to floats.
     *
     * @throws IllegalArgumentException if there are no images, or they differ in shape
     */
    public static ImageBatch of(List<Image> images) {
        return join(images.stream()
                .map(image -> {
                    double[] values = image.values();
                    float[] floats = new float[values.length];
                    for (int i = 0; i < floats.length; i++) {
                        floats[i] = (float) values[i];
                    }
                    return new ImageBatch(image.shape(), floats);
                })
                .toList());
    }

    /**
     * Concatenates {@code batches}.
     *
     * @throws IllegalArgumentException if there is no batch, or they differ in shape
     */
    public static ImageBatch join(List<ImageBatch> batches) {
        if (batches.stream().map(ImageBatch::shape).distinct().count() != 1) {
            throw new IllegalArgumentException("expected at least one batch, all of one shape");
        }
        FloatBuffer joined = FloatBuffer.allocate(
                batches.stream().mapToInt(batch -> batch.values.length).sum());
        batches.forEach(batch -> joined.put(batch.values));
        return new ImageBatch(batches.getFirst().shape, joined.array());
    }

    public ImageShape shape() {
        return shape;
    }

    /** Number of images. */
    public int count() {
        return values.length / shape.size();
    }

    /** Writes image {@code index} to the first {@link ImageShape#size()} places of {@code target}. */
    public void copyTo(int index, double[] target) {
        int size = shape.size();
        for (int i = 0, from = index * size; i < size; i++, from++) {
            target[i] = values[from];
        }
    }

    /** Image {@code index} in a new array. */
    public double[] values(int index) {
        double[] image = new double[shape.size()];
        copyTo(index, image);
        return image;
    }

    /** Returns the images at {@code indices}, in that order; an index may occur more than once. */
    public ImageBatch pick(List<Integer> indices) {
        int size = shape.size();
        float[] picked = new float[Math.multiplyExact(indices.size(), size)];
        int to = 0;
        for (int index : indices) {
            System.arraycopy(values, index * size, picked, to, size);
            to += size;
        }
        return new ImageBatch(shape, picked);
    }

    /** Rounds the values to the nearest grey levels and clamps those outside [0, 1]. */
    public List<Image> toImages() {
        int size = shape.size();
        byte[] levels = new byte[values.length];
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) Math.round(WHITE * Math.clamp(values[i], 0f, 1f));
        }
        return IntStream.range(0, count())
                .mapToObj(index -> Image.of(shape, levels, index * size, size))
                .toList();
    }

    /** A copy of all values, row-major. */
    public float[] toArray() {
        return values.clone();
    }

    /** Returns all values, row-major, as big-endian IEEE 754 single precision, which is the same on all machines. */
    public byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES));
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }
}
