package dev.reverie.gpu.dataset;

import dev.reverie.npz.NpyArray;
import dev.reverie.npz.NpzException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Labelled images as users save them with {@code numpy.savez}.
 *
 * <table>
 *   <caption>Arrays</caption>
 *   <tr><th>name</th><th>dtype, shape</th></tr>
 *   <tr><td>{@code images}</td><td>numbers as in {@link dev.reverie.npz.NpyPixels}; [n, C, H, W], [n, H, W, C] or [n,
 *       H, W]; a single image can have none of these n; C is 1 or 3</td></tr>
 *   <tr><td>{@code labels}</td><td>unicode or whole numbers [n] or [n, 1]; numbers become their decimal digits</td></tr>
 *   <tr><td>{@code ids}</td><td>unicode [n], optional</td></tr>
 * </table>
 *
 * @param ids one id per image, or empty
 */
public record NpzSamples(List<Image> images, List<String> labels, Optional<List<String>> ids) {

    private static final Set<String> ARRAYS = Set.of("images", "labels", "ids");

    public NpzSamples {
        images = List.copyOf(images);
        labels = List.copyOf(labels);
        ids = ids.map(List::copyOf);
        if (labels.size() != images.size() || ids.map(List::size).orElse(images.size()) != images.size()) {
            throw new IllegalArgumentException("expected one label per image, and one id per image or none");
        }
    }

    /**
     * Limits of an archive.
     *
     * @param pixels maximum number of pixels per channel of an image
     * @param bytes maximum uncompressed size of all arrays together
     */
    public record Limits(int images, long pixels, int bytes) {}

    /**
     * Reads the bytes of an NPZ file.
     *
     * @throws DatasetException if the archive is not an NPZ, is truncated or damaged, or has unknown arrays, images
     *     whose shape leaves doubts, or values out of range
     */
    public static NpzSamples read(byte[] content, String name, Limits limits, ArrayHints hints) {
        NpzArrays archive = NpzArrays.unpack(content, name, ARRAYS, limits.bytes());
        OptionalInt labelled = OptionalInt.of(archive.require("labels", NpyArray::size, NpzFile.LEAST));
        List<Image> images =
                archive.require("images", array -> images(hints.read(array, labelled), limits), NpzFile.LEAST);
        List<String> labels = archive.require("labels", array -> labels(array, images.size()), NpzFile.LEAST);
        Optional<List<String>> ids = archive.read("ids", array -> texts(array, images.size()));
        return new NpzSamples(images, labels, ids);
    }

    /**
     * Reads the bytes of an NPY file, whose images all have one label.
     *
     * @throws DatasetException if it is not an array of images, its shape leaves doubts, or a value is out of range
     */
    public static NpzSamples read(byte[] content, String name, String label, Limits limits, ArrayHints hints) {
        List<Image> images = NpzArrays.readOne(
                content, name, limits.bytes(), array -> images(hints.read(array, OptionalInt.empty()), limits));
        return new NpzSamples(images, Collections.nCopies(images.size(), label), Optional.empty());
    }

    private static List<Image> images(NpyImages stored, Limits limits) throws NpzException {
        ImageShape shape = stored.shape();
        int count = stored.count();
        if (count > limits.images()) {
            throw NpzException.tooLarge(
                    "has " + count + " images, more than the " + limits.images() + " allowed at once: send fewer");
        }
        if (shape.planeSize() > limits.pixels()) {
            throw NpzException.tooLarge("has images of " + shape.planeSize() + " pixels, more than the "
                    + limits.pixels() + " allowed: scale them down");
        }
        if (shape.channels() != 1 && shape.channels() != 3) {
            throw new NpzException(
                    "has images of " + shape.channels() + " channels: expected 1 (grey) or 3 (red, green, blue)");
        }
        return stored.images();
    }

    private static List<String> labels(NpyArray array, int count) throws NpzException {
        requireOnePerImage(array, count);
        return array.type().isText() ? array.toTexts() : array.toDigits();
    }

    private static List<String> texts(NpyArray array, int count) throws NpzException {
        requireOnePerImage(array, count);
        return array.toTexts();
    }

    /** A text takes many times the memory of an item, so items of a vector without images must not become texts. */
    private static void requireOnePerImage(NpyArray array, int count) throws NpzException {
        if (!array.isColumn()) {
            throw new NpzException("has shape " + array.shape() + ": expected one item per image, [images]");
        }
        if (array.size() != count) {
            throw new NpzException("has length " + array.size() + ": expected " + count + ", one per image");
        }
    }
}
