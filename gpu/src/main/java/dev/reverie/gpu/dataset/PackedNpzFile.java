package dev.reverie.gpu.dataset;

import dev.reverie.npz.NpyArray;
import dev.reverie.npz.NpzArchive;
import dev.reverie.npz.NpzException;
import dev.reverie.npz.NpzWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads and writes sets whose stored images are packed into 4 or 2 bits per value, as NPZ files without decoded images.
 *
 * <table>
 *   <caption>Arrays</caption>
 *   <tr><th>name</th><th>dtype, shape</th></tr>
 *   <tr><td>{@code codes}</td><td>uint8 [m, c], the codes of each stored image; c is C * H * W * bits / 8, rounded
 *       up</td></tr>
 *   <tr><td>{@code ranges}</td><td>uint8 [m, C, h, w], the range of each patch; h and w are H / patch and W / patch,
 *       rounded up</td></tr>
 *   <tr><td>{@code shape}</td><td>int64 [3], C, H and W</td></tr>
 *   <tr><td>{@code bits}</td><td>int64 scalar, bits per value: 4 or 2</td></tr>
 *   <tr><td>{@code patch}</td><td>int64 scalar, side of a patch in pixels</td></tr>
 *   <tr><td>{@code labels}</td><td>int64 [m], class index of each stored image</td></tr>
 * </table>
 *
 * <p>{@link PatchCodec} describes the codes. The other arrays are those of an {@link NpzFile}: {@code soft_labels} (of
 * the decoded images), {@code factor}, {@code mean}, {@code std}, {@code class_names}, {@code class_index} and
 * {@code label_values}.
 */
public final class PackedNpzFile {

    private static final String CODES = "codes";
    private static final int SHAPE_RANK = 3;
    private static final int MAX_SIDE = 1 << 16;
    private static final Set<String> ARRAYS = Set.of(
            CODES,
            "ranges",
            "shape",
            "bits",
            "patch",
            "labels",
            "soft_labels",
            "factor",
            "mean",
            "std",
            "class_names",
            "class_index",
            "label_values");

    private PackedNpzFile() {}

    /** Completes a set by decoding its stored images. */
    @FunctionalInterface
    public interface Decoding {

        /** Returns the whole set. */
        DistilledSet decode(DistilledSet stored, int factor, Optional<SoftLabels> softLabels);
    }

    /**
     * Writes a set to {@code file}, replacing an existing file as a whole or not at all. Equal sets give equal bytes.
     *
     * @throws IllegalArgumentException if the stored images of the set are not packed
     * @throws IOException if {@code file} cannot be written; an existing file is then unchanged
     */
    public static void write(DistilledSet set, Path file) throws IOException {
        AtomicFile.write(file, out -> write(set, out));
    }

    /** Writes a set with compression to {@code out}, which stays open; see {@link #write(DistilledSet, Path)}. */
    public static void write(DistilledSet set, OutputStream out) throws IOException {
        if (!(set.parameters() instanceof PackedBatch packed)) {
            throw new IllegalArgumentException("the stored images of the set are not packed");
        }
        PatchCodec codec = packed.codec();
        ImageShape shape = packed.shape();
        List<Integer> patches = codec.patches();
        NpzWriter npz = NpzWriter.deflated(out);
        npz.write(CODES, NpyArray.ofBytes(packed.codes(), packed.count(), codec.codeBytes()));
        npz.write(
                "ranges",
                NpyArray.ofBytes(packed.ranges(), packed.count(), patches.get(0), patches.get(1), patches.get(2)));
        npz.write("shape", NpyArray.ofIntegers(List.of(shape.channels(), shape.height(), shape.width())));
        npz.write("bits", NpyArray.ofScalar(codec.bits()));
        npz.write("patch", NpyArray.ofScalar(codec.patch()));
        npz.write("labels", NpyArray.ofIntegers(set.parameterLabels()));
        NpzFile.writeSoftLabels(set, npz);
        NpzFile.describe(set, npz);
        npz.finish();
    }

    /** Returns an upper bound on the size in bytes of the file of a set whose stored images are packed. */
    public static long maxBytes(DistilledSet set) {
        long labels = (long) set.parameters().count() * Long.BYTES;
        return NpzFile.maxBytes(set.storedBytes() + labels, set.classes(), ARRAYS.size());
    }

    /** Whether a set can be written, that is, its stored images are packed. */
    public static boolean canHold(DistilledSet set) {
        return set.parameters() instanceof PackedBatch;
    }

    /** Whether a file is an NPZ file of packed images; a file that cannot be read is not. */
    public static boolean isPacked(Path file) {
        return NpzArchive.contains(file, CODES);
    }

    /**
     * Reads a set written by {@link #write(DistilledSet, Path)}.
     *
     * @throws DatasetException if the file is missing, damaged or not an NPZ, an array is missing or has the wrong type
     *     or shape, or a value is out of range
     */
    public static DistilledSet read(Path file, Decoding decoding) {
        return NpzFile.read(file, archive -> read(archive, decoding));
    }

    /**
     * Reads a set from the bytes of a file.
     *
     * @throws DatasetException as for {@link #read(Path, Decoding)}, and if the file contains unknown arrays
     */
    public static DistilledSet read(byte[] content, String name, Decoding decoding) {
        return NpzFile.read(content, name, ARRAYS, archive -> read(archive, decoding));
    }

    private static DistilledSet read(NpzArrays archive, Decoding decoding) {
        PatchCodec codec = new PatchCodec(
                required(archive, "shape", PackedNpzFile::toShape),
                required(archive, "bits", array -> array.toInteger(1, Byte.SIZE)),
                required(archive, "patch", array -> array.toInteger(1, PatchCodec.MAX_PATCH)));
        byte[] codes = required(archive, CODES, array -> perImage(array, List.of(codec.codeBytes())));
        byte[] ranges = required(archive, "ranges", array -> ranges(array, codec));
        int images = codes.length / codec.codeBytes();
        int rangeImages = ranges.length / codec.rangeBytes();
        if (images != rangeImages) {
            throw new DatasetException("the arrays 'codes' and 'ranges' of " + archive.name() + " have " + images
                    + " and " + rangeImages + " images: expected the same number");
        }
        int factor = NpzFile.factor(archive);
        requireDecodable(archive.name(), images, codec.shape(), factor);
        PackedBatch stored = new PackedBatch(codec, codes, ranges);
        return decoding.decode(NpzFile.described(archive, stored), factor, NpzFile.softLabels(archive));
    }

    private static byte[] ranges(NpyArray array, PatchCodec codec) throws NpzException {
        byte[] ranges = perImage(array, codec.patches());
        for (int i = 0; i < ranges.length; i++) {
            if (Byte.toUnsignedInt(ranges[i]) >= PatchRanges.COUNT) {
                throw new NpzException("has the value " + Byte.toUnsignedInt(ranges[i]) + " at position " + i
                        + ": expected 0 to " + (PatchRanges.COUNT - 1));
            }
        }
        return ranges;
    }

    /** Returns the bytes of an array whose first dimension is that of the images. */
    private static byte[] perImage(NpyArray array, List<Integer> image) throws NpzException {
        byte[] bytes = array.toBytes();
        List<Integer> shape = array.shape();
        if (shape.isEmpty() || !shape.subList(1, shape.size()).equals(image)) {
            throw new NpzException("has shape " + shape + ": expected [images, "
                    + image.stream().map(String::valueOf).collect(Collectors.joining(", ")) + "]");
        }
        if (bytes.length == 0) {
            throw new NpzException("has shape " + shape + ", so it is empty: save at least one image");
        }
        return bytes;
    }

    private static void requireDecodable(String name, int images, ImageShape shape, int factor) {
        double decoded = (double) images * shape.size() * factor * factor;
        if (decoded > NpzArchive.MAX_BYTES) {
            throw new DataTooLargeException(name + " decodes to more than the " + NpzArchive.MAX_BYTES
                    + " bytes allowed: use fewer or smaller images");
        }
    }

    private static ImageShape toShape(NpyArray array) throws NpzException {
        if (array.size() != SHAPE_RANK) {
            throw new NpzException(
                    "has shape " + array.shape() + ": expected three integers, channels, height and width");
        }
        List<Integer> sides = array.toIntegers(1, MAX_SIDE);
        if ((long) sides.get(0) * sides.get(1) * sides.get(2) > NpzArchive.MAX_BYTES) {
            throw new NpzException("has the values " + sides
                    + ": expected channels, height and width of images of at most " + NpzArchive.MAX_BYTES + " values");
        }
        return new ImageShape(sides.get(0), sides.get(1), sides.get(2));
    }

    private static <T> T required(NpzArrays archive, String array, NpzArchive.Reading<T> reading) {
        return archive.require(array, reading, ", which packed images need: write the file again");
    }
}
