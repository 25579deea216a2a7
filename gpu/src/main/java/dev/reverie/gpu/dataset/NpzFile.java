package dev.reverie.gpu.dataset;

import dev.reverie.npz.NpyArray;
import dev.reverie.npz.NpyType;
import dev.reverie.npz.NpzArchive;
import dev.reverie.npz.NpzException;
import dev.reverie.npz.NpzWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.zip.ZipException;

/**
 * Reads and writes distilled sets as NPZ files, which NumPy loads with {@code numpy.load(path, allow_pickle=False)}.
 *
 * <table>
 *   <caption>Arrays</caption>
 *   <tr><th>name</th><th>dtype, shape</th></tr>
 *   <tr><td>{@code images}</td><td>uint8 or float32 [n, C, H, W]</td></tr>
 *   <tr><td>{@code labels}</td><td>int64 [n]</td></tr>
 *   <tr><td>{@code soft_labels}</td><td>float32 [n, K], a teacher's soft labels; optional</td></tr>
 *   <tr><td>{@code parameters}</td><td>uint8 or float32 [m, C, H, W], the stored images, before decoding; left out
 *       if they are the decoded images</td></tr>
 *   <tr><td>{@code parameter_labels}</td><td>int64 [m]; left out with {@code parameters}</td></tr>
 *   <tr><td>{@code factor}</td><td>int64 scalar, the factor by which parameters are decoded to images</td></tr>
 *   <tr><td>{@code mean}, {@code std}</td><td>float32 [C], statistics of the real images</td></tr>
 *   <tr><td>{@code class_names}</td><td>unicode [K], the names of the classes of the set</td></tr>
 *   <tr><td>{@code class_index}</td><td>int64 [K], the index of each named class, ascending</td></tr>
 *   <tr><td>{@code label_values}</td><td>int64 [K], the names as integers; left out if a name is no integer. Not
 *       read</td></tr>
 * </table>
 *
 * <p>An unsigned byte v means the value v / 255; floats are in [0, 1].
 */
public final class NpzFile {

    /** How the labels of images number the classes. */
    public enum Numbering {
        /** By their indices, which have gaps after a class was forgotten. */
        INDEX,
        /** By their positions in {@code class_index}: 0, 1, 2 and so on. {@link #read} takes the labels for indices. */
        DENSE;

        private List<Integer> of(List<Integer> labels, ClassList classes) {
            return this == INDEX
                    ? labels
                    : labels.stream().map(classes::positionOf).toList();
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Maximum uncompressed size of an array in a file, in bytes. */
    public static final int MAX_BYTES = NpzArchive.MAX_BYTES;

    private static final Set<String> ARRAYS = Set.of(
            "images",
            "labels",
            "soft_labels",
            "parameters",
            "parameter_labels",
            "factor",
            "mean",
            "std",
            "class_names",
            "class_index",
            "label_values");

    /** Ends the message about an archive without these arrays. */
    static final String LEAST = ": it needs at least 'images' and 'labels'";

    private static final int MAX_CLASSES = 100_000;
    private static final int MAX_FACTOR = 1_000;

    /** Incompressible data grows by less than this fraction. */
    private static final int DEFLATE_OVERHEAD = 1_000;

    /** Upper bound on the bytes per array besides its values: headers and entries of the archive. */
    private static final int ARRAY_OVERHEAD = 512;

    private NpzFile() {}

    /**
     * Writes {@code set} to {@code file}, replacing an existing file as a whole or not at all. Equal sets give equal
     * bytes.
     *
     * @throws IOException if {@code file} cannot be written; an existing file is then unchanged
     */
    public static void write(DistilledSet set, Path file) throws IOException {
        AtomicFile.write(file, out -> write(set, Numbering.INDEX, out));
    }

    /** Writes {@code set} with compression to {@code out}, which stays open. */
    public static void write(DistilledSet set, Numbering numbering, OutputStream out) throws IOException {
        write(set, numbering, NpzWriter.deflated(out));
    }

    /** Writes {@code set} without compression to {@code out}, which stays open. */
    public static void writeStored(DistilledSet set, Numbering numbering, OutputStream out) throws IOException {
        write(set, numbering, NpzWriter.stored(out));
    }

    private static void write(DistilledSet set, Numbering numbering, NpzWriter npz) throws IOException {
        writeImages("images", set.images(), npz);
        npz.write("labels", NpyArray.ofIntegers(numbering.of(set.labels(), set.classes())));
        if (set.softLabels().isPresent()) {
            SoftLabels soft = set.softLabels().get();
            npz.write("soft_labels", NpyArray.ofFloats(soft.toArray(), soft.count(), soft.classes()));
        }
        if (!set.storesDecoded()) {
            writeImages("parameters", set.parameters(), npz);
            npz.write("parameter_labels", NpyArray.ofIntegers(numbering.of(set.parameterLabels(), set.classes())));
        }
        describe(set, npz);
        npz.finish();
    }

    /** Writes an array of images, [n, C, H, W], with values of the type of the batch. */
    private static void writeImages(String name, ImageBatch images, NpzWriter npz) throws IOException {
        ImageShape shape = images.shape();
        npz.write(
                name,
                images.dtype() == Dtype.UINT8 ? NpyType.UINT8 : NpyType.FLOAT32,
                List.of(images.count(), shape.channels(), shape.height(), shape.width()),
                () -> images.parts().stream().map(NpzFile::values).iterator());
    }

    private static NpyArray values(ImageBatch part) {
        return part.dtype() == Dtype.UINT8
                ? NpyArray.ofBytes(part.toLevels(), part.size())
                : NpyArray.ofFloats(part.toArray(), part.size());
    }

    /** Writes everything except images and their labels. */
    private static void describe(DistilledSet set, NpzWriter npz) throws IOException {
        npz.write("factor", NpyArray.ofScalar(set.factor()));
        npz.write("mean", NpyArray.ofFloats(set.normalisation().mean()));
        npz.write("std", NpyArray.ofFloats(set.normalisation().std()));
        npz.write("class_names", NpyArray.ofTexts(set.classes().names()));
        npz.write("class_index", NpyArray.ofIntegers(set.classes().indices()));
        Optional<List<Long>> labelValues = set.classes().labelValues();
        if (labelValues.isPresent()) {
            npz.write("label_values", NpyArray.ofIntegers(labelValues.get()));
        }
    }

    /** Returns an upper bound on the size in bytes of the file of a set. */
    public static long maxBytes(DistilledSet set) {
        int stored = set.storesDecoded() ? 0 : set.parameters().count();
        return maxBytes(set, set.images().count(), stored);
    }

    /** Returns an upper bound on the size in bytes of the file of {@code count} images picked from a set. */
    public static long maxBytes(DistilledSet set, int count) {
        return maxBytes(set, count, 0);
    }

    private static long maxBytes(DistilledSet set, long decoded, long stored) {
        ImageBatch images = set.images();
        long perImage = (long) images.shape().size() * images.dtype().bytes() + Long.BYTES;
        long perSoftLabel = set.softLabels().isPresent() ? (long) set.classes().size() * Float.BYTES : 0;
        long arrays = (decoded + stored) * perImage + decoded * perSoftLabel;
        ClassList classes = set.classes();
        long longestName =
                classes.names().stream().mapToInt(String::length).max().orElse(0);
        long data = arrays + classes.size() * (longestName * Integer.BYTES + 2 * Long.BYTES);
        return data + data / DEFLATE_OVERHEAD + (long) ARRAYS.size() * ARRAY_OVERHEAD;
    }

    /**
     * Reads a set written by {@link #write(DistilledSet, Path)}, or any NPZ with {@code images} (numbers as in
     * {@link dev.reverie.npz.NpyPixels}, [n, C, H, W], [n, H, W, C] or [n, H, W]) and {@code labels} (whole numbers,
     * [n] or [n, 1]). Other missing arrays get defaults: the stored images are the decoded ones, the mean and standard
     * deviation are computed from {@code images}, and the classes have the indices 0, 1, 2 and so on, and empty names.
     *
     * @throws DatasetException if the file is missing, damaged or not an NPZ, an array is missing or has the wrong type
     *     or shape, or a value is out of range or not finite
     */
    public static DistilledSet read(Path file) {
        return read(file, NpzFile::read);
    }

    static <T> T read(Path file, Function<NpzArrays, T> reading) {
        try (NpzArchive archive = NpzArchive.open(file)) {
            return read(new NpzArrays(archive), reading);
        } catch (ZipException e) {
            throw new DatasetException(
                    file + " is not an NPZ file, or is truncated (" + e.getMessage() + "): get the file again", e);
        } catch (IOException e) {
            throw DatasetException.unreadable(file, e);
        }
    }

    /**
     * Reads a set from the bytes of an NPZ file.
     *
     * @throws DatasetException as for {@link #read(Path)}, and if the file contains unknown arrays
     */
    public static DistilledSet read(byte[] content, String name) {
        return read(NpzArrays.unpack(content, name, ARRAYS, NpzArchive.MAX_BYTES), NpzFile::read);
    }

    private static <T> T read(NpzArrays arrays, Function<NpzArrays, T> reading) {
        try {
            return reading.apply(arrays);
        } catch (IllegalArgumentException e) {
            throw new DatasetException(arrays.name() + " is not a consistent set: " + e.getMessage(), e);
        }
    }

    /** Reads a set from arrays in memory, as from those of a file. */
    static DistilledSet read(NpzArchive archive) {
        return read(new NpzArrays(archive), NpzFile::read);
    }

    /** Reads one image per label, if the shape of an array allows that. */
    private static NpzArchive.Reading<ImageBatch> images(NpzArrays archive, String labels) {
        int count = archive.read(labels, NpyArray::size).orElse(0);
        return array -> {
            List<NpyImages> readings = NpyImages.readings(array);
            return readings.stream()
                    .filter(reading -> reading.count() == count)
                    .findFirst()
                    .orElse(readings.getFirst())
                    .batch();
        };
    }

    private static DistilledSet read(NpzArrays archive) {
        ImageBatch images = archive.require("images", images(archive, "labels"), LEAST);
        DistilledSet decoded = described(archive, images);
        int most = decoded.classes().indices().getLast();
        ImageBatch parameters =
                archive.read("parameters", images(archive, "parameter_labels")).orElse(images);
        List<Integer> parameterLabels =
                archive.read("parameter_labels", array -> toLabels(array, most)).orElse(decoded.labels());
        if (!parameters.shape().equals(images.shape())) {
            throw new DatasetException("the arrays 'images' and 'parameters' of " + archive.name()
                    + " differ in shape: " + images.shape() + " and " + parameters.shape());
        }
        return new DistilledSet(
                images,
                decoded.labels(),
                softLabels(archive),
                parameters,
                parameterLabels,
                factor(archive),
                decoded.normalisation(),
                decoded.classes());
    }

    /** Reads the labels and classes of images, which become the stored and the decoded images of the set returned. */
    static DistilledSet described(NpzArrays archive, ImageBatch images) {
        Optional<ClassList> named = classes(archive);
        int most = named.map(list -> list.indices().getLast()).orElse(MAX_CLASSES - 1);
        List<Integer> labels = archive.require(
                "labels", array -> areSoft(array) ? toSoftLabels(array).mostProbable() : toLabels(array, most), LEAST);
        int atLeast = softLabels(archive).map(SoftLabels::classes).orElse(0);
        return new DistilledSet(
                images,
                labels,
                images,
                labels,
                1,
                normalisation(archive, images),
                named.orElseGet(() -> unnamed(labels, atLeast)));
    }

    static int factor(NpzArrays archive) {
        return archive.read("factor", array -> array.toInteger(1, MAX_FACTOR)).orElse(1);
    }

    static Optional<SoftLabels> softLabels(NpzArrays archive) {
        return archive.read("soft_labels", NpzFile::toSoftLabels).or(() -> archive.read(
                        "labels",
                        array -> areSoft(array) ? Optional.of(toSoftLabels(array)) : Optional.<SoftLabels>empty())
                .orElse(Optional.empty()));
    }

    /** Reads the names and indices of the classes; without indices, the classes have the indices 0, 1, 2 and so on. */
    private static Optional<ClassList> classes(NpzArrays archive) {
        List<String> names = archive.read("class_names", NpyArray::toTexts).orElse(List.of());
        Optional<List<Integer>> indices = archive.read("class_index", array -> toLabels(array, Integer.MAX_VALUE));
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(indices.map(known -> new ClassList(known, names)).orElseGet(() -> ClassList.of(names)));
    }

    private static Normalisation normalisation(NpzArrays archive, ImageBatch images) {
        List<Double> mean = archive.read("mean", NpyArray::toReals).orElse(List.of());
        List<Double> std = archive.read("std", NpyArray::toReals).orElse(List.of());
        if (mean.isEmpty() && std.isEmpty()) {
            return Normalisation.of(images);
        }
        int channels = images.shape().channels();
        if (mean.size() != channels || std.size() != channels) {
            throw new DatasetException("the arrays 'mean' and 'std' of " + archive.name() + " have " + mean.size()
                    + " and " + std.size() + " values: expected " + channels + ", one per channel");
        }
        return new Normalisation(mean, std);
    }

    private static List<Integer> toLabels(NpyArray array, int most) throws NpzException {
        if (!array.isColumn()) {
            throw new NpzException("has shape " + array.shape() + ": expected one label per image, [images]");
        }
        return array.toIntegers(0, most);
    }

    /** Whether there is a value per image and class. */
    private static boolean areSoft(NpyArray array) {
        return array.type().isReal() && !array.isColumn();
    }

    private static SoftLabels toSoftLabels(NpyArray array) throws NpzException {
        if (array.shape().size() != 2) {
            throw new NpzException("has shape " + array.shape()
                    + ": expected one distribution over the classes per image, [images, classes]");
        }
        return SoftLabels.ofOutputs(array.shape().get(1), array.toFloats());
    }

    private static ClassList unnamed(List<Integer> labels, int atLeast) {
        int most = labels.stream().mapToInt(label -> label + 1).max().orElse(0);
        return ClassList.of(Collections.nCopies(Math.max(most, atLeast), ""));
    }
}
