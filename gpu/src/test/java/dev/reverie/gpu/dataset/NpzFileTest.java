package dev.reverie.gpu.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NpzFileTest {

    private static final ImageShape SHAPE = new ImageShape(3, 2, 2);

    private Path file;

    @BeforeEach
    void nameTheFile(@TempDir Path folder) {
        file = folder.resolve("synthetic.npz");
    }

    @Test
    @DisplayName("reads back what it wrote")
    void readsItsOwn() throws IOException {
        DistilledSet set = aSet();

        NpzFile.write(set, file);
        DistilledSet read = NpzFile.read(file);

        assertThat(read.images().toArray()).isEqualTo(set.images().toArray());
        assertThat(read.images().shape()).isEqualTo(SHAPE);
        assertThat(read.parameters().toArray()).isEqualTo(set.parameters().toArray());
        assertThat(read.labels()).isEqualTo(set.labels());
        assertThat(read.parameterLabels()).isEqualTo(set.parameterLabels());
        assertThat(read.factor()).isEqualTo(2);
        assertThat(read.normalisation()).isEqualTo(set.normalisation());
        assertThat(read.classes()).isEqualTo(set.classes());
    }

    @Test
    @DisplayName("stores the teacher's soft labels, which NumPy can read")
    void keepsSoftLabels() throws IOException {
        SoftLabels soft = softLabels(aSet().images().count());

        NpzFile.write(aSet().withSoftLabels(soft), file);

        assertThat(NpzFile.read(file).softLabels()).contains(soft);
        assertThat(Numpy.find().run("""
                        z = np.load(sys.argv[1], allow_pickle=False)
                        print(z['soft_labels'].dtype.str, z['soft_labels'].shape, z['soft_labels'][1].tolist())
                        """, file)).isEqualTo("<f4 (8, 2) [0.25, 0.75]");
    }

    @ParameterizedTest
    @DisplayName("refuses soft labels that are not distributions, or not one per image")
    @CsvSource({
        "'[[0.5, 0.6]] * 8', the soft label of image 0 sums to 1.1",
        "'[[0.5, 0.5]] * 7 + [[1.5, -0.5]]', the soft label of image 7 has the value 1.5: values must be from 0 to 1",
        "'[[0.5, 0.5]] * 7 + [[np.nan, 0.5]]', soft_labels",
        "'[[0.5, 0.5]] * 7', expected soft labels of 2 classes for 8 images",
        "'[[1]] * 8', expected soft labels of 2 classes for 8 images",
        "'[0.5] * 16', expected one distribution over the classes per image",
    })
    void refusesBadSoftLabels(String labels, String message) throws IOException {
        NpzFile.write(aSet(), file);

        Numpy.find().run("""
                z = dict(np.load(sys.argv[1]))
                np.savez(sys.argv[1], soft_labels=np.array(%s, np.float32), **z)
                """.formatted(labels), file);

        assertThatThrownBy(() -> NpzFile.read(file))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(message);
    }

    private static SoftLabels softLabels(int images) {
        float[] values = new float[2 * images];
        for (int i = 0; i < images; i++) {
            values[2 * i] = i % 2 == 0 ? 1 : 0.25f;
            values[2 * i + 1] = 1 - values[2 * i];
        }
        return SoftLabels.of(2, values);
    }

    @Test
    @DisplayName("keeps the indices of classes among which others were forgotten")
    void keepsIndices() throws IOException {
        NpzFile.write(withGap(), file);

        assertThat(NpzFile.read(file).classes()).isEqualTo(withGap().classes());
        assertThat(Numpy.find().run("""
                        z = np.load(sys.argv[1], allow_pickle=False)
                        print(z['labels'].tolist(), z['class_index'].tolist(), z['class_names'].tolist())
                        """, file)).isEqualTo("[38480, 7] [7, 38480] ['cat', 'dog']");
    }

    @ParameterizedTest
    @DisplayName("refuses class indices that do not fit")
    @CsvSource({
        "'[38480, 7]', class indices must be at least 0 and in ascending order",
        "'[7, 7]', class indices must be at least 0 and in ascending order",
        "'[-1, 38480]', 'class_index' of FILE has the value -1",
        "'[7]', expected one index per class name",
        "'[8, 38480]', the label 7 is not the index of a class of the set",
    })
    void refusesIndices(String indices, String message) throws IOException {
        NpzFile.write(withGap(), file);

        Numpy.find().run("""
                z = dict(np.load(sys.argv[1]))
                z['class_index'] = np.array(%s)
                np.savez(sys.argv[1], **z)
                """.formatted(indices), file);

        assertRefused(message.replace("FILE", file.toString()));
    }

    private static DistilledSet withGap() {
        ImageBatch images = ImageBatch.of(SHAPE, new float[2 * SHAPE.size()]);
        List<Integer> labels = List.of(38_480, 7);
        ClassList classes = new ClassList(List.of(7, 38_480), List.of("cat", "dog"));
        return new DistilledSet(images, labels, images, labels, 1, aSet().normalisation(), classes);
    }

    @Test
    @DisplayName("reads the bytes of a file like the file, and refuses truncated bytes")
    void readsBytes() throws IOException {
        DistilledSet set = aSet();
        NpzFile.write(set, file);
        byte[] bytes = Files.readAllBytes(file);

        DistilledSet read = NpzFile.read(bytes, "the memory");

        assertThat(read.images().toArray()).isEqualTo(set.images().toArray());
        assertThat(read.classes()).isEqualTo(set.classes());
        assertThatThrownBy(() -> NpzFile.read(Arrays.copyOf(bytes, bytes.length - 1), "the memory"))
                .isInstanceOf(DatasetException.class)
                .hasMessageStartingWith("the memory is not an NPZ file, or is truncated");
    }

    @Test
    @DisplayName("writes the same bytes for the same set")
    void isDeterministic() throws IOException {
        NpzFile.write(aSet(), file);
        Path second = file.resolveSibling("second.npz");
        NpzFile.write(aSet(), second);

        assertThat(file).hasSameBinaryContentAs(second);
    }

    @Test
    @DisplayName("opens in NumPy without pickle, with the documented names, types and shapes")
    void opensInNumpy() throws IOException {
        NpzFile.write(aSet(), file);

        assertThat(Numpy.find().run("""
                        z = np.load(sys.argv[1], allow_pickle=False)
                        for name in z.files:
                            print(name, z[name].dtype.str, z[name].shape, z[name].flags.c_contiguous)
                        print(z['images'].ravel()[5], z['factor'] + 1, z['class_names'].tolist())
                        """, file)).isEqualTo("""
                        images <f4 (8, 3, 2, 2) True
                        labels <i8 (8,) True
                        parameters <f4 (2, 3, 2, 2) True
                        parameter_labels <i8 (2,) True
                        factor <i8 () True
                        mean <f4 (3,) True
                        std <f4 (3,) True
                        class_names <U6 (2,) True
                        class_index <i8 (2,) True
                        0.05 3 ['Bag', 'Tücher']""");
    }

    @ParameterizedTest(name = "{0}, images {1}, labels {2}")
    @DisplayName("reads a file saved by NumPy with only images and labels")
    @CsvSource({
        "savez, float32, int64",
        "savez_compressed, float64, int32",
        "savez, uint8, uint8",
        "savez_compressed, uint8, int8",
        "savez, float32, uint64",
    })
    void readsNumpy(String save, String imageType, String labelType) {
        Numpy.find().run("""
                images = (np.arange(24).reshape(2, 3, 2, 2) * (1 if sys.argv[3] == 'uint8' else 1 / 255))
                getattr(np, sys.argv[2])(sys.argv[1], images=images.astype(sys.argv[3]),
                                         labels=np.array([0, 2], sys.argv[4]))
                """, file, save, imageType, labelType);

        DistilledSet set = NpzFile.read(file);

        assertThat(set.images().shape()).isEqualTo(SHAPE);
        assertThat(set.images().toArray()[23]).isEqualTo((float) (23 / 255.0));
        assertThat(set.labels()).containsExactly(0, 2);
        assertThat(set.classes().names()).containsExactly("", "", "");
        assertThat(set.factor()).isEqualTo(1);
        assertThat(set.parameters()).isSameAs(set.images());
        assertThat(set.normalisation().mean()).hasSize(3);
    }

    @Test
    @DisplayName("reads grey images without a channel dimension")
    void readsRankThree() {
        Numpy.find().run("np.savez(sys.argv[1], images=np.ones((4, 5, 6), 'f4'), labels=np.zeros(4, int))", file);

        assertThat(NpzFile.read(file).images().shape()).isEqualTo(new ImageShape(1, 5, 6));
    }

    @ParameterizedTest(name = "{0}, {1}: {2}")
    @DisplayName("refuses unusable arrays, and says what to do")
    @CsvSource(delimiter = '|', textBlock = """
            np.full((2,1,2,2), np.nan, 'f4') | np.zeros(2, int)     | 'images' of FILE has a value that is not finite, at position 0
            np.full((2,1,2,2), 1e300)        | np.zeros(2, int)     | 'images' of FILE has a value that is not finite
            np.ones((2,1,2,2), '>f4')        | np.zeros(2, int)     | 'images' of FILE is big-endian (>f4)
            np.ones((2,3,2,2), order='F')    | np.zeros(2, int)     | 'images' of FILE is in Fortran order
            np.ones((2,1,2,2), complex)      | np.zeros(2, int)     | 'images' of FILE has dtype <c16
            np.ones((2,1,2,2), int)          | np.zeros(2, int)     | 'images' of FILE has dtype <i8: save it as float32 in [0, 1] or as uint8
            np.ones((2,28,28,1), 'f4')       | np.zeros(2, int)     | channels last
            np.ones((2,4), 'f4')             | np.zeros(2, int)     | 'images' of FILE has shape [2, 4]: expected [images, channels, height, width]
            np.ones((0,1,2,2), 'f4')         | np.zeros(0, int)     | 'images' of FILE has shape [0, 1, 2, 2]
            np.ones((2,1,2,2), 'f4')         | np.zeros(3, int)     | FILE is not a consistent set: expected one label per image, got 3 for 2 images
            np.ones((2,1,2,2), 'f4')         | np.zeros((2,1), int) | 'labels' of FILE has shape [2, 1]
            np.ones((2,1,2,2), 'f4')         | np.array([0, -1])    | 'labels' of FILE has the value -1 at position 1
            np.ones((2,1,2,2), 'f4')         | np.array([0, 10**9]) | 'labels' of FILE has the value 1000000000 at position 1
            np.ones((2,1,2,2), 'f4')         | np.zeros(2, 'f4')    | 'labels' of FILE has dtype <f4: save it as integers
            np.ones((2,1,2,2), 'f4')         | np.zeros(0, int)     | FILE is not a consistent set: expected one label per image, got 0 for 2 images
            np.ones((2,1,2,2), 'f4')         | np.array([None, 1])  | 'labels' of FILE has dtype |O
            """, quoteCharacter = '`')
    void refusesArrays(String images, String labels, String message) {
        Numpy.find().run("np.savez(sys.argv[1], images=%s, labels=%s)".formatted(images, labels), file);

        assertRefused(message.replace("FILE", file.toString()));
    }

    @Test
    @DisplayName("refuses labels beyond the named classes and statistics that do not fit")
    void refusesInconsistentSets() {
        Numpy numpy = Numpy.find();
        String base = "base = dict(images=np.ones((2,1,2,2), 'f4'), labels=np.array([0, 2]))\n";

        numpy.run(base + "np.savez(sys.argv[1], **base, class_names=np.array(['a', 'b']))", file);
        assertRefused("'labels' of " + file + " has the value 2 at position 1: expected 0 to 1");

        numpy.run(base + "np.savez(sys.argv[1], **base, mean=np.zeros(3), std=np.ones(3))", file);
        assertRefused("'mean' and 'std' of " + file + " have 3 and 3 values: expected 1, one per channel");

        numpy.run(base + "np.savez(sys.argv[1], **base, mean=np.zeros(1), std=np.zeros(1))", file);
        assertRefused("a standard deviation must be positive");

        numpy.run(base + "np.savez(sys.argv[1], **base, factor=np.int64(0))", file);
        assertRefused("'factor' of " + file + " has the value 0");

        numpy.run(base + "np.savez(sys.argv[1], **base, factor=np.zeros(0, int))", file);
        assertRefused("'factor' of " + file + " has shape [0]: expected a single integer");

        numpy.run(base + "np.savez(sys.argv[1], **base, parameters=np.ones((1,1,4,4)), parameter_labels=[0])", file);
        assertRefused("differ in shape: 1x2x2 and 1x4x4");

        numpy.run("np.savez(sys.argv[1], images=np.ones((2,1,2,2)))", file);
        assertRefused(file + " has no array 'labels': it needs at least 'images' and 'labels'");
    }

    @Test
    @DisplayName("refuses a file that is missing, truncated, altered, or something else")
    void refusesDamagedFiles() throws IOException {
        assertRefused("cannot read " + file + ": there is no " + file);

        Files.writeString(file, "something else");
        assertRefused(file + " is not an NPZ file, or is truncated");

        NpzFile.write(aSet(), file);
        byte[] sound = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(sound, sound.length / 2));
        assertRefused(file + " is not an NPZ file, or is truncated");

        Numpy.find().run("np.savez(sys.argv[1], images=np.ones((2,1,2,2), 'f4'), labels=np.zeros(2, int))", file);
        byte[] altered = Files.readAllBytes(file);
        altered[190] ^= 1; // within the stored floats of the first entry
        Files.write(file, altered);
        assertRefused("is damaged: its checksum does not match");
    }

    @Test
    @DisplayName("refuses a header that declares more data than the file has")
    void survivesBombHeaders() throws IOException {
        writeImagesHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (4000000, 1, 64, 64), }");
        assertRefused("has 65536000000 bytes, more than the 536870912");

        writeImagesHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (100000000, 1, 1, 1), }");
        assertRefused("is truncated: expected 400000000 bytes, got 0");

        writeImagesHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647, 9, 9), }");
        assertRefused("has the invalid shape");

        writeImagesHeader("{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 1, 1, 1), }");
        assertRefused("has a malformed header");
    }

    @Test
    @DisplayName("leaves the old file unchanged when the new one cannot be written")
    void isAtomic() throws IOException {
        NpzFile.write(aSet(), file);
        byte[] before = Files.readAllBytes(file);
        Path temporary = file.resolveSibling("." + file.getFileName() + ".part");
        Files.createDirectories(temporary.resolve("not empty"));

        assertThatThrownBy(() -> NpzFile.write(aSet(), file)).isInstanceOf(IOException.class);
        assertThat(file).hasBinaryContent(before);
    }

    @Test
    @DisplayName("reports why a file cannot be written")
    void unwritable() {

        assertThatThrownBy(() ->
                        NpzFile.write(aSet(), file.resolveSibling("nowhere").resolve("x.npz")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("its folder does not exist");
        assertThatThrownBy(() -> NpzFile.write(aSet(), new FullDisk())).hasMessage("No space left on device");
    }

    private static final class FullDisk extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            throw new IOException("No space left on device");
        }
    }

    private void writeImagesHeader(String dictionary) throws IOException {
        byte[] text = dictionary.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer header = ByteBuffer.allocate(10 + text.length).order(ByteOrder.LITTLE_ENDIAN);
        header.put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put((byte) 0);
        header.putShort((short) text.length).put(text);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("images.npy"));
            zip.write(header.array());
            zip.closeEntry();
        }
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> NpzFile.read(file))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(message);
    }

    private static DistilledSet aSet() {
        float[] decoded = new float[8 * SHAPE.size()];
        for (int i = 0; i < decoded.length; i++) {
            decoded[i] = i / 100f;
        }
        return new DistilledSet(
                ImageBatch.of(SHAPE, decoded),
                List.of(0, 0, 0, 0, 1, 1, 1, 1),
                ImageBatch.of(SHAPE, Arrays.copyOf(decoded, 2 * SHAPE.size())),
                List.of(0, 1),
                2,
                new Normalisation(List.of(0.5, 0.25, 0.125), List.of(1.0, 0.5, 0.25)),
                List.of("Bag", "Tücher"));
    }
}
