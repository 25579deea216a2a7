package dev.reverie.gpu.dataset;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A batch of float images, shape {@code [count, channels, height, width]}, row-major. Unit: grey level as a fraction
 * (nominally [0, 1]; gradients and images between two clampings may lie outside). Immutable: copied in and out.
 * Equality is identity.
 */
public final class ImageBatch {

    private static final float WHITE = 255;

    private final ImageShape shape;
    private final float[] values;

    private ImageBatch(ImageShape shape, float[] values) {
        if (values.length % shape.size() != 0) {
            throw new IllegalArgumentException(
                    "want a multiple of " + shape.size() + " values for " + shape + " images, got " + values.length);
        }
        this.shape = shape;
        this.values = values;
    }

    /**
     * Copies {@code values}.
     *
     * @throws IllegalArgumentException if their number is no multiple of {@link ImageShape#size()}
     */
    public static ImageBatch of(ImageShape shape, float[] values) {
        return new ImageBatch(shape, values.clone());
    }

    /**
     * Images as they are.
     *
     * @throws IllegalArgumentException if there is none, or they differ in shape
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
     * All images of {@code batches}, one batch after the other.
     *
     * @throws IllegalArgumentException if there is no batch, or they differ in shape
     */
    public static ImageBatch join(List<ImageBatch> batches) {
        if (batches.stream().map(ImageBatch::shape).distinct().count() != 1) {
            throw new IllegalArgumentException("want at least one batch, and all of one shape");
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

    /** The images at {@code indices}, in that order; repetitions are allowed. */
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

    /** The images one by one, in the nearest grey levels; values beyond [0, 1] become black or white. */
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

    /** All values, row-major, as IEEE 754 single precision, big-endian: equal for equal images on any machine. */
    public byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES));
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }
}
