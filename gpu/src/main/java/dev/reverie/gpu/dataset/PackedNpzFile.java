package dev.reverie.gpu.dataset;

import dev.reverie.npz.NpyArray;
import dev.reverie.npz.NpzArchive;
import dev.reverie.npz.NpzException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads sets whose stored images are packed into 4 or 2 bits per value, as NPZ files without decoded images.
 *
 * <table>
 *   <caption>Arrays</caption>
 *   <tr><th>name</th><th>dtype, shape</th></tr>
 *   <tr><td>{@code codes}</td><td>uint8 [m, c], the codes of each stored image in the order of its values, the first
 *       code in the highest bits; c is C * H * W * bits / 8, rounded up</td></tr>
 *   <tr><td>{@code ranges}</td><td>uint8 [m, C, h, w], the range of each patch; h and w are H / patch and W / patch,
 *       rounded up</td></tr>
 *   <tr><td>{@code shape}</td><td>int64 [3], C, H and W</td></tr>
 *   <tr><td>{@code bits}</td><td>int64 scalar, bits per value: 4 or 2</td></tr>
 *   <tr><td>{@code patch}</td><td>int64 scalar, side of a patch in pixels</td></tr>
 *   <tr><td>{@code labels}</td><td>int64 [m], class index of each stored image</td></tr>
 * </table>
 *
 * <p>The other arrays are those of an {@link NpzFile}: {@code soft_labels} (of the decoded images), {@code factor},
 * {@code mean}, {@code std}, {@code class_names}, {@code class_index} and {@code label_values}.
 */
public final class PackedNpzFile {

    private static final String CODES = "codes";
    private static final int SHAPE_RANK = 3;
    private static final int MAX_SIDE = 1 << 16;

    private PackedNpzFile() {}

    /** Makes something of a set whose stored images are unpacked, but not decoded. */
    @FunctionalInterface
    public interface Decoding<T> {

        /**
         * Returns what is made of the set.
         *
         * @param bytes size of the packed images
         */
        T decode(DistilledSet stored, int factor, Optional<SoftLabels> softLabels, long bytes);
    }

    /** Whether a zip with these entries has packed images. */
    public static boolean matches(Set<String> entries) {
        return entries.contains(CODES + NpzArchive.SUFFIX);
    }

    /**
     * Reads a set.
     *
     * @throws DatasetException if the file is missing, damaged or not an NPZ, an array is missing or has the wrong type
     *     or shape, or a value is out of range
     */
    public static <T> T read(Path file, Decoding<T> decoding) {
        return NpzFile.read(file, archive -> read(archive, decoding));
    }

    private static <T> T read(NpzArrays archive, Decoding<T> decoding) {
        Packing packing = new Packing(
                required(archive, "shape", PackedNpzFile::toShape),
                required(archive, "bits", array -> array.toInteger(1, Byte.SIZE)),
                required(archive, "patch", array -> array.toInteger(1, Packing.MAX_PATCH)));
        byte[] codes = required(archive, CODES, array -> perImage(array, List.of(packing.codeBytes())));
        byte[] ranges = required(archive, "ranges", array -> ranges(array, packing));
        int images = codes.length / packing.codeBytes();
        int rangeImages = ranges.length / packing.rangeBytes();
        if (images != rangeImages) {
            throw new DatasetException("the arrays 'codes' and 'ranges' of " + archive.name() + " have " + images
                    + " and " + rangeImages + " images: expected the same number");
        }
        int factor = NpzFile.factor(archive);
        requireDecodable(archive.name(), images, packing.shape(), factor);
        ImageBatch stored = ImageBatch.of(packing.shape(), packing.unpack(codes, ranges, images));
        return decoding.decode(
                NpzFile.described(archive, stored),
                factor,
                NpzFile.softLabels(archive),
                (long) codes.length + ranges.length);
    }

    private static byte[] ranges(NpyArray array, Packing packing) throws NpzException {
        byte[] ranges = perImage(array, packing.patches());
        for (int i = 0; i < ranges.length; i++) {
            if (Byte.toUnsignedInt(ranges[i]) >= Packing.RANGES) {
                throw new NpzException("has the value " + Byte.toUnsignedInt(ranges[i]) + " at position " + i
                        + ": expected 0 to " + (Packing.RANGES - 1));
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

    /**
     * How an image is packed. Each channel is divided into square patches; patches at the right and at the bottom can
     * be smaller. A patch has a range, and each of its codes selects one of 2^bits evenly spaced values of this range.
     */
    private record Packing(ImageShape shape, int bits, int patch) {

        static final int MAX_PATCH = 1024;

        /** Number of ranges: all pairs of a lower and a higher (or equal) bound, ordered by low, then by high. */
        static final int RANGES = 253;

        private static final int BOUNDS = 22;
        private static final int[] LOW = new int[RANGES];
        private static final int[] HIGH = new int[RANGES];

        static {
            int range = 0;
            for (int low = 0; low < BOUNDS; low++) {
                for (int high = low; high < BOUNDS; high++) {
                    LOW[range] = rounded(low * Image.MAX_LEVEL, BOUNDS - 1);
                    HIGH[range] = rounded(high * Image.MAX_LEVEL, BOUNDS - 1);
                    range++;
                }
            }
        }

        Packing {
            if (bits != 2 && bits != 4) {
                throw new IllegalArgumentException("packed images have 4 or 2 bits per value, not " + bits);
            }
        }

        /** Divides and rounds to the nearest integer; {@code divisor} is odd, so that no quotient is halfway. */
        private static int rounded(int dividend, int divisor) {
            return (dividend + divisor / 2) / divisor;
        }

        /** Number of bytes that the codes of an image take. */
        int codeBytes() {
            return Math.ceilDiv(shape.size(), Byte.SIZE / bits);
        }

        /** Number of patches of an image: channels, rows and columns of patches. */
        List<Integer> patches() {
            return List.of(shape.channels(), Math.ceilDiv(shape.height(), patch), Math.ceilDiv(shape.width(), patch));
        }

        /** Number of bytes that the ranges of an image take: one per patch. */
        int rangeBytes() {
            return patches().stream().reduce(1, Math::multiplyExact);
        }

        byte[] unpack(byte[] codes, byte[] ranges, int images) {
            int most = (1 << bits) - 1;
            int perByte = Byte.SIZE / bits;
            int codeBytes = codeBytes();
            int rangeBytes = rangeBytes();
            byte[] levels = new byte[Math.multiplyExact(images, shape.size())];
            for (int i = 0; i < levels.length; i++) {
                int image = i / shape.size();
                int value = i % shape.size();
                int shift = Byte.SIZE - bits - value % perByte * bits;
                int code = codes[image * codeBytes + value / perByte] >> shift & most;
                int range = Byte.toUnsignedInt(ranges[image * rangeBytes + patchOf(value)]);
                levels[i] = (byte) rounded(LOW[range] * (most - code) + HIGH[range] * code, most);
            }
            return levels;
        }

        private int patchOf(int value) {
            int channel = value / shape.planeSize();
            int row = value % shape.planeSize() / shape.width() / patch;
            int column = value % shape.width() / patch;
            return (channel * Math.ceilDiv(shape.height(), patch) + row) * Math.ceilDiv(shape.width(), patch) + column;
        }
    }
}
