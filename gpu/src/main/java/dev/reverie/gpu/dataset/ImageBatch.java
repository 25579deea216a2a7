package dev.reverie.gpu.dataset;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A batch of float images, shape {@code [count, channels, height, width]}, row-major. Pixel values are fractions of
 * full intensity, nominally in [0, 1]; gradients and unclamped images can contain values outside this range. Immutable;
 * input and output are copied. Instances are compared by identity.
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
     * Creates a batch from a copy of {@code values}.
     *
     * @throws IllegalArgumentException if the number of values is not a multiple of {@link ImageShape#size()}
     */
    public static ImageBatch of(ImageShape shape, float[] values) {
        return new ImageBatch(shape, values.clone());
    }

    /**
     * Converts images of unsigned bytes to floats.
     *
     * @throws IllegalArgumentException if there are no images, or the images differ in shape
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
     * @throws IllegalArgumentException if there are no batches, or the batches differ in shape
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

    /** Writes image {@code index} to the first {@link ImageShape#size()} elements of {@code target}. */
    public void copyTo(int index, double[] target) {
        int size = shape.size();
        for (int i = 0, from = index * size; i < size; i++, from++) {
            target[i] = values[from];
        }
    }

    /** Returns image {@code index} in a new array. */
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

    /**
     * Converts the batch to images of unsigned bytes: rounds each value to the nearest grey level, and clamps values
     * outside [0, 1].
     */
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

    /** Returns a copy of all values, row-major. */
    public float[] toArray() {
        return values.clone();
    }

    /**
     * Returns all values, row-major, in big-endian IEEE 754 single precision, so that the bytes are the same on all
     * machines.
     */
    public byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES));
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }
}
