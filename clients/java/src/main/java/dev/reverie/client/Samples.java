package dev.reverie.client;

import dev.reverie.npz.NpyArray;
import dev.reverie.npz.NpzWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Labelled images that are sent together: the service accepts all of them or none. By default, a service accepts at
 * most 8 MiB and 4,096 images at once. Immutable; input is copied.
 */
public final class Samples {

    private final ImageShape shape;
    private final byte[] pixels;
    private final List<String> labels;
    private final Optional<List<String>> ids;

    private Samples(ImageShape shape, byte[] pixels, List<String> labels, Optional<List<String>> ids) {
        this.shape = shape;
        this.pixels = pixels;
        this.labels = labels;
        this.ids = ids;
        if (labels.isEmpty() || pixels.length != (long) labels.size() * shape.size()) {
            throw new IllegalArgumentException("got " + pixels.length + " bytes and " + labels.size()
                    + " labels: give one label for every " + shape.size() + " bytes, and at least one");
        }
        if (ids.isPresent() && ids.get().size() != labels.size()) {
            throw new IllegalArgumentException(
                    "got " + ids.get().size() + " ids for " + labels.size() + " images: give one id per image");
        }
    }

    /**
     * Creates samples.
     *
     * @param pixels unsigned bytes, [n, C, H, W]
     * @param labels n labels; the label {@code "3"} is the integer label 3
     * @throws IllegalArgumentException if there are no images, or not one label per image
     */
    public static Samples of(ImageShape shape, byte[] pixels, List<String> labels) {
        return new Samples(shape, pixels.clone(), List.copyOf(labels), Optional.empty());
    }

    /**
     * Creates samples with integer labels.
     *
     * @param pixels unsigned bytes, [n, C, H, W]
     * @param labels n labels
     * @throws IllegalArgumentException if there are no images, or not one label per image
     */
    public static Samples of(ImageShape shape, byte[] pixels, long... labels) {
        return of(shape, pixels, LongStream.of(labels).mapToObj(Long::toString).toList());
    }

    /**
     * Returns the same samples with ids. Samples of a class with equal ids are duplicates; without ids, samples of a
     * class with equal pixels are.
     *
     * @param ids one id per image
     * @throws IllegalArgumentException if there is not one id per image
     */
    public Samples withIds(List<String> ids) {
        return new Samples(shape, pixels, labels, Optional.of(List.copyOf(ids)));
    }

    public int size() {
        return labels.size();
    }

    /** Returns the samples as an uncompressed NPZ file, which {@code numpy.load} opens. */
    public byte[] toNpz() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            NpzWriter npz = NpzWriter.stored(bytes);
            npz.write("images", NpyArray.ofBytes(pixels, size(), shape.channels(), shape.height(), shape.width()));
            npz.write("labels", NpyArray.ofTexts(labels));
            if (ids.isPresent()) {
                npz.write("ids", NpyArray.ofTexts(ids.get()));
            }
            npz.finish();
        } catch (IOException failure) {
            throw new UncheckedIOException("writing to memory does not fail", failure);
        }
        return bytes.toByteArray();
    }
}
