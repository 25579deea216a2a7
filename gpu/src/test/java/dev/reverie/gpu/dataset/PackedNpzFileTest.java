package dev.reverie.gpu.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A file of packed images")
class PackedNpzFileTest {

    private static final ImageShape SHAPE = new ImageShape(3, 9, 7);

    /** The script of the page on file formats. */
    private static final String DECODE = """
            z = np.load(sys.argv[1], allow_pickle=False)
            c, h, w = z["shape"]
            bits, patch, most = z["bits"], z["patch"], 2 ** z["bits"] - 1
            codes = z["codes"][:, :, None] >> np.arange(8 - bits, -1, -bits) & most
            codes = codes.reshape(len(codes), -1)[:, : c * h * w].reshape(-1, c, h, w)
            ranges = z["ranges"].repeat(patch, 2).repeat(patch, 3)[:, :, :h, :w]
            levels = np.rint(np.linspace(0, 255, 22)).astype(int)
            low, high = (levels[ends][ranges] for ends in np.triu_indices(22))
            images = ((low * (most - codes) + high * codes + most // 2) // most).astype(np.uint8)
            """;

    private Path file;

    @BeforeEach
    void nameTheFile(@TempDir Path folder) {
        file = folder.resolve("synthetic.packed.npz");
    }

    @ParameterizedTest(name = "{0} bits")
    @DisplayName("contains the whole set")
    @EnumSource(names = {"FOUR", "TWO"})
    void roundTrip(Bits bits) throws IOException {
        DistilledSet set = set(bits);
        PackedNpzFile.write(set, file);

        DistilledSet read = read(file);

        assertThat(PackedNpzFile.isPacked(file)).isTrue();
        assertThat(read.parameters().toLevels()).isEqualTo(set.images().toLevels());
        assertThat(read.storedBytes()).isEqualTo(set.storedBytes());
        assertThat(read.labels()).isEqualTo(set.labels());
        assertThat(read.classes()).isEqualTo(set.classes());
        assertThat(read.normalisation()).isEqualTo(set.normalisation());
    }

    @ParameterizedTest(name = "{0} bits")
    @DisplayName("is decoded by NumPy to the same bytes")
    @EnumSource(names = {"FOUR", "TWO"})
    void numpy(Bits bits) throws IOException {
        DistilledSet set = set(bits);
        PackedNpzFile.write(set, file);
        Path unpacked = file.resolveSibling("synthetic.npz");

        Numpy.find().run(DECODE + "np.savez(sys.argv[2], images=images, labels=z['labels'])", file, unpacked);

        assertThat(NpzFile.read(unpacked).images().toLevels())
                .isEqualTo(set.images().toLevels());
    }

    @ParameterizedTest(name = "{0} bits")
    @DisplayName("counts as many bytes as it has codes and ranges")
    @EnumSource(names = {"FOUR", "TWO"})
    void counted(Bits bits) throws IOException {
        DistilledSet set = set(bits);
        PackedNpzFile.write(set, file);

        String bytes =
                Numpy.find().run("z = np.load(sys.argv[1]); print(z['codes'].nbytes + z['ranges'].nbytes)", file);

        assertThat(bytes).isEqualTo(String.valueOf(set.storedBytes()));
    }

    @ParameterizedTest(name = "{0} bits")
    @DisplayName("is not larger than its bound, which counts soft labels, but no decoded images")
    @EnumSource(names = {"FOUR", "TWO"})
    void bound(Bits bits) throws IOException {
        DistilledSet set = set(bits);
        DistilledSet mosaics = new DistilledSet(
                ImageBatch.of(SHAPE, new byte[8 * SHAPE.size()]),
                List.of(7, 7, 7, 7, 38_480, 38_480, 38_480, 38_480),
                set.parameters(),
                set.parameterLabels(),
                2,
                set.normalisation(),
                set.classes());
        float[] halves = new float[8 * 2];
        Arrays.fill(halves, 0.5f);
        DistilledSet soft = mosaics.withSoftLabels(SoftLabels.of(2, halves));
        PackedNpzFile.write(soft, file);

        assertThat(PackedNpzFile.maxBytes(mosaics)).isEqualTo(PackedNpzFile.maxBytes(set));
        assertThat(PackedNpzFile.maxBytes(soft))
                .isGreaterThanOrEqualTo(PackedNpzFile.maxBytes(mosaics) + (long) halves.length * Float.BYTES)
                .isGreaterThanOrEqualTo(Files.size(file));
    }

    @Test
    @DisplayName("is the same for equal sets")
    void reproducible() throws IOException {
        ByteArrayOutputStream one = new ByteArrayOutputStream();
        ByteArrayOutputStream other = new ByteArrayOutputStream();

        PackedNpzFile.write(set(Bits.TWO), one);
        PackedNpzFile.write(set(Bits.TWO), other);

        assertThat(one.toByteArray()).isEqualTo(other.toByteArray());
    }

    @Test
    @DisplayName("is not written for images of 8 bits")
    void notPacked() {
        assertThatThrownBy(() -> PackedNpzFile.write(set(Bits.EIGHT), file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the stored images of the set are not packed");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @DisplayName("is refused if it is not consistent, and the message says why")
    @CsvSource(delimiter = '|', textBlock = """
            z['ranges'][1, 2, 2, 1] = 253      | the array 'ranges' of FILE has the value 253 at position 35: expected 0 to 252
            z['ranges'] = z['ranges'][:, 1:]   | the array 'ranges' of FILE has shape [2, 2, 3, 2]: expected [images, 3, 3, 2]
            z['ranges'] = z['ranges'][1:]      | the arrays 'codes' and 'ranges' of FILE have 2 and 1 images: expected the same number
            z['ranges'] = z['ranges'] * 1.0    | the array 'ranges' of FILE has dtype <f8: save it as uint8
            z['codes'] = z['codes'][:, 1:]     | the array 'codes' of FILE has shape [2, 47]: expected [images, 48]
            z['codes'] = z['codes'][:0]        | the array 'codes' of FILE has shape [0, 48], so it is empty: save at least one image
            z['codes'] = z['codes'].astype(int)| the array 'codes' of FILE has dtype <i8: save it as uint8
            z['shape'] = z['shape'][1:]        | the array 'shape' of FILE has shape [2]: expected three integers, channels, height and width
            z['shape'] = np.ones(100_000, int) | the array 'shape' of FILE has shape [100000]: expected three integers, channels, height and width
            z['shape'] = z['shape'] * 5000     | the array 'shape' of FILE has the values [15000, 45000, 35000]
            z['bits'] = np.array(3)            | FILE is not a consistent set: packed images have 4 or 2 bits per value, not 3
            z['bits'] = np.array([2, 2])       | the array 'bits' of FILE has shape [2]: expected a single integer
            z['patch'] = np.array(0)           | the array 'patch' of FILE has the value 0 at position 0: expected 1 to 1024
            z['factor'] = np.array(0)          | the array 'factor' of FILE has the value 0 at position 0: expected 1 to 1000
            z['labels'] = z['labels'][1:]      | FILE is not a consistent set: expected one label per image, got 1 for 2 images
            del z['labels']                    | FILE has no array 'labels'
            del z['patch']                     | FILE has no array 'patch', which packed images need: write the file again
            """)
    void refused(String damage, String message) throws IOException {
        PackedNpzFile.write(set(Bits.TWO), file);

        Numpy.find().run("""
                z = dict(np.load(sys.argv[1]))
                %s
                np.savez(sys.argv[1], **z)
                """.formatted(damage), file);

        assertThatThrownBy(() -> read(file))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining(message.replace("FILE", file.toString()));
    }

    @Test
    @DisplayName("is refused if it decodes to more than an array may contain")
    void tooLarge() throws IOException {
        PackedNpzFile.write(set(Bits.TWO), file);

        Numpy.find().run("""
                z = dict(np.load(sys.argv[1]))
                z['factor'] = np.array(1000)
                for array in ('codes', 'ranges', 'labels'):
                    z[array] = z[array].repeat(2, 0)
                np.savez(sys.argv[1], **z)
                """, file);

        assertThatThrownBy(() -> read(file))
                .isInstanceOf(DataTooLargeException.class)
                .hasMessage(file + " decodes to more than the 536870912 bytes allowed: use fewer or smaller images");
    }

    /** Reads a set whose stored images are its decoded ones. */
    private static DistilledSet read(Path file) {
        return PackedNpzFile.read(file, (stored, factor, soft) -> stored);
    }

    private static DistilledSet set(Bits bits) {
        byte[] levels = new byte[2 * SHAPE.size()];
        new Random(11).nextBytes(levels);
        ImageBatch images = ImageBatch.of(SHAPE, levels).in(bits);
        List<Integer> labels = List.of(7, 38_480);
        ClassList classes = new ClassList(List.of(7, 38_480), List.of("cat", "Tücher"));
        return new DistilledSet(
                images, labels, images, labels, 1, DistilledSets.small().normalisation(), classes);
    }
}
