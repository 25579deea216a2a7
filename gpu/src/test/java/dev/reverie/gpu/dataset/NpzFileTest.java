package dev.reverie.gpu.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class NpzFileTest {

    private Path file;

    @BeforeEach
    void nameTheFile(@TempDir Path folder) {
        file = folder.resolve("synthetic.npz");
    }

    @Test
    @DisplayName("reads back what it wrote")
    void readsItsOwn() throws IOException {
        DistilledSet set = DistilledSets.small();

        NpzFile.write(set, file);
        DistilledSet read = NpzFile.read(file);

        assertThat(read.images().toArray()).isEqualTo(set.images().toArray());
        assertThat(read.images().shape()).isEqualTo(DistilledSets.SHAPE);
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
        SoftLabels soft = softLabels(DistilledSets.small().images().count());

        NpzFile.write(DistilledSets.small().withSoftLabels(soft), file);

        assertThat(NpzFile.read(file).softLabels()).contains(soft);
        assertThat(Numpy.find().run("""
                        z = np.load(sys.argv[1], allow_pickle=False)
                        print(z['soft_labels'].dtype.str, z['soft_labels'].shape, z['soft_labels'][1].tolist())
                        """, file)).isEqualTo("<f4 (8, 2) [0.25, 0.75]");
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
        NpzFile.write(DistilledSets.withGap(), file);

        assertThat(NpzFile.read(file).classes())
                .isEqualTo(DistilledSets.withGap().classes());
        assertThat(Numpy.find().run("""
                        z = np.load(sys.argv[1], allow_pickle=False)
                        print(z['labels'].tolist(), z['class_index'].tolist(), z['class_names'].tolist())
                        """, file)).isEqualTo("[38480, 7] [7, 38480] ['cat', 'dog']");
    }

    @Test
    @DisplayName("numbers the labels by the positions of their classes on request, and keeps the indices")
    void denseLabels() throws IOException {
        DistilledSet gap = DistilledSets.withGap();
        DistilledSet mosaics = new DistilledSet(
                gap.images(), gap.labels(), gap.images(), gap.labels(), 2, gap.normalisation(), gap.classes());
        try (OutputStream out = Files.newOutputStream(file)) {
            NpzFile.write(mosaics, NpzFile.Numbering.DENSE, out);
        }

        assertThat(Numpy.find().run("""
                        z = np.load(sys.argv[1], allow_pickle=False)
                        print(*[z[name].tolist() for name in ('labels', 'parameter_labels', 'class_index')])
                        """, file)).isEqualTo("[1, 0] [1, 0] [7, 38480]");
    }

    @Test
    @DisplayName("has the integers that the classes are named by, which reading ignores")
    void labelValues() throws IOException {
        ImageBatch images = ImageBatch.of(DistilledSets.SHAPE, new byte[2 * DistilledSets.SHAPE.size()]);
        ClassList classes = new ClassList(List.of(0, 5), List.of("7", "-3"));
        Normalisation normalisation = DistilledSets.small().normalisation();
        List<Integer> labels = List.of(5, 0);
        NpzFile.write(new DistilledSet(images, labels, images, labels, 1, normalisation, classes), file);

        assertThat(Numpy.find().run("""
                        z = np.load(sys.argv[1], allow_pickle=False)
                        values = dict(zip(z['class_index'].tolist(), z['label_values'].tolist()))
                        print(z['label_values'].dtype, [values[label] for label in z['labels'].tolist()])
                        """, file)).isEqualTo("int64 [-3, 7]");
        assertThat(NpzFile.read(Files.readAllBytes(file), "the memory").classes())
                .isEqualTo(classes);
    }

    @Test
    @DisplayName("takes at most 70 kB for 10 images of 28x28 of each of ten classes")
    void isSmall() throws IOException {
        ImageShape shape = new ImageShape(1, 28, 28);
        ImageBatch images = ImageBatch.of(shape, garments(100, shape)).as(Dtype.UINT8);
        List<Integer> labels =
                IntStream.range(0, 100).map(image -> image / 10).boxed().toList();
        List<String> names =
                IntStream.range(0, 10).mapToObj(label -> "garment " + label).toList();
        Normalisation normalisation = Normalisation.neutral(shape);

        NpzFile.write(new DistilledSet(images, labels, images, labels, 1, normalisation, ClassList.of(names)), file);

        assertThat(Files.size(file)).isLessThanOrEqualTo(70_000);
    }

    /** Noisy shapes, about half of whose pixels are black, as in Fashion-MNIST. */
    private static float[] garments(int count, ImageShape shape) {
        Random random = new Random(5);
        float[] values = new float[count * shape.size()];
        for (int i = 0; i < values.length; i++) {
            boolean inside = Math.abs(i % shape.width() - shape.width() / 2) < shape.width() / 4;
            values[i] = inside ? (float) (0.6 + 0.1 * random.nextGaussian()) : 0;
        }
        return values;
    }

    @Test
    @DisplayName("reads the bytes of a file like the file, and refuses truncated bytes")
    void readsBytes() throws IOException {
        DistilledSet set = DistilledSets.small();
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
        NpzFile.write(DistilledSets.small(), file);
        Path second = file.resolveSibling("second.npz");
        NpzFile.write(DistilledSets.small(), second);

        assertThat(file).hasSameBinaryContentAs(second);
    }

    @Test
    @DisplayName("opens in NumPy without pickle, with the documented names, types and shapes")
    void opensInNumpy() throws IOException {
        NpzFile.write(DistilledSets.small(), file);

        assertThat(arraysInNumpy()).isEqualTo("""
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

    @Test
    @DisplayName("contains the images of a set of bytes as uint8, whose value v means v / 255")
    void bytesInNumpy() throws IOException {
        DistilledSet bytes = DistilledSets.smallBytes();

        NpzFile.write(bytes, file);
        DistilledSet read = NpzFile.read(file);

        assertThat(arraysInNumpy())
                .contains("images |u1 (8, 3, 2, 2) True", "parameters |u1 (2, 3, 2, 2) True", "13 3 ['Bag', 'Tücher']");
        assertThat(read.images().dtype()).isEqualTo(Dtype.UINT8);
        assertThat(read.images().toLevels()).isEqualTo(bytes.images().toLevels());
        assertThat(read.images().toArray()[5]).isEqualTo((float) (13 / 255.0));
        assertThat(read.parameters().toLevels()).isEqualTo(bytes.parameters().toLevels());
    }

    private String arraysInNumpy() {
        return Numpy.find().run("""
                        z = np.load(sys.argv[1], allow_pickle=False)
                        for name in z.files:
                            print(name, z[name].dtype.str, z[name].shape, z[name].flags.c_contiguous)
                        print(z['images'].ravel()[5], z['factor'] + 1, z['class_names'].tolist())
                        """, file);
    }

    @ParameterizedTest
    @DisplayName("contains the stored images only once if they are the decoded ones, with and without compression")
    @EnumSource
    void leavesOutParameters(Dtype dtype) throws IOException {
        ImageBatch images = DistilledSets.small().images().as(dtype);
        List<Integer> labels = List.of(1, 0, 1, 0, 1, 0, 1, 0);
        Normalisation normalisation = DistilledSets.small().normalisation();
        DistilledSet set =
                new DistilledSet(images, labels, images, labels, 1, normalisation, ClassList.of(List.of("cat", "dog")));
        Path stored = file.resolveSibling("stored.npz");
        NpzFile.write(set, file);
        try (OutputStream out = Files.newOutputStream(stored)) {
            NpzFile.writeStored(set, NpzFile.Numbering.INDEX, out);
        }

        for (Path each : List.of(file, stored)) {
            DistilledSet read = NpzFile.read(each);
            assertThat(Numpy.find().run("print(*np.load(sys.argv[1], allow_pickle=False).files)", each))
                    .isEqualTo("images labels factor mean std class_names class_index");
            assertThat(read.images().toArray()).isEqualTo(images.toArray());
            assertThat(read.parameters()).isSameAs(read.images());
            assertThat(read.parameterLabels()).isEqualTo(labels);
            assertThat(NpzFile.maxBytes(set)).isGreaterThanOrEqualTo(Files.size(each));
        }
        assertThat(Files.size(file)).isLessThan(Files.size(stored));
    }

    @Test
    @DisplayName("reads the files of earlier releases, with floats, and with parameters that equal the images")
    void readsEarlierReleases() {
        Numpy.find().run("""
                images = np.linspace(0, 1, 24).reshape(2, 3, 2, 2).astype('f4')
                labels = np.array([0, 1])
                np.savez(sys.argv[1], images=images, labels=labels, parameters=images, parameter_labels=labels,
                         factor=np.int64(1), mean=np.ones(3, 'f4'), std=np.ones(3, 'f4'), class_names=['cat', 'dog'],
                         class_index=labels)
                """, file);

        DistilledSet set = NpzFile.read(file);

        assertThat(set.images().dtype()).isEqualTo(Dtype.FLOAT32);
        assertThat(set.images().toArray()[1]).isEqualTo((float) (1 / 23.0));
        assertThat(set.parameters().toArray()).isEqualTo(set.images().toArray());
        assertThat(set.storesDecoded()).isTrue();
        assertThat(set.classes().names()).containsExactly("cat", "dog");
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

        assertThat(set.images().shape()).isEqualTo(DistilledSets.SHAPE);
        assertThat(set.images().toArray()[23]).isEqualTo((float) (23 / 255.0));
        assertThat(set.labels()).containsExactly(0, 2);
        assertThat(set.classes().names()).containsExactly("", "", "");
        assertThat(set.factor()).isEqualTo(1);
        assertThat(set.parameters()).isSameAs(set.images());
        assertThat(set.normalisation().mean()).hasSize(3);
    }

    @Test
    @DisplayName("reads what other programs store: normalised images and, as labels or soft labels, logits")
    void readsOthers() {
        Numpy.find().run("""
                images = (np.arange(8).reshape(2, 1, 2, 2) - 4).astype('f4')
                np.savez(sys.argv[1], images=images, labels=np.log([[0.25, 0.75], [0.5, 0.5]]) + 2)
                """, file);

        DistilledSet set = NpzFile.read(file);
        DistilledSet undone = set.denormalised(new Normalisation(List.of(0.5), List.of(0.25)));

        assertThat(set.isNormalised()).isTrue();
        assertThat(undone.images().toArray()).containsExactly(-0.5f, -0.25f, 0, 0.25f, 0.5f, 0.75f, 1, 1.25f);
        assertThat(undone.normalisation().mean()).containsExactly(0.5);
        assertThat(set.labels()).containsExactly(1, 0);
        assertThat(set.softLabels()).hasValueSatisfying(soft -> {
            assertThat(soft.areFromLogits()).isTrue();
            assertThat(soft.toArray()).containsExactly(new float[] {0.25f, 0.75f, 0.5f, 0.5f}, within(1e-6f));
        });
    }

    @Test
    @DisplayName("reads grey images without a channel dimension")
    void readsRankThree() {
        Numpy.find().run("np.savez(sys.argv[1], images=np.ones((4, 5, 6), 'f4'), labels=np.zeros(4, int))", file);

        assertThat(NpzFile.read(file).images().shape()).isEqualTo(new ImageShape(1, 5, 6));
    }
}
