package dev.reverie.gpu.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.coded.DistilledSetFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A file of packed images")
class PackedNpzFileTest {

    private static final ImageShape SHAPE = new ImageShape(3, 9, 7);

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

    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest(name = "{0} bits, {1} bytes")
    @DisplayName("contains the whole set, and counts as many bytes as it has codes and ranges")
    @CsvSource({"4, 202", "2, 132"})
    void read(int bits, long bytes) throws IOException {
        Path packed = packed(bits);

        DistilledSet set = read(packed);

        assertThat(DistilledSetFile.read(packed).set().classes()).isEqualTo(set.classes());
        assertThat(set.images().shape()).isEqualTo(SHAPE);
        assertThat(set.labels()).containsExactly(7, 38_480);
        assertThat(set.classes()).isEqualTo(new ClassList(List.of(7, 38_480), List.of("cat", "Tücher")));
        assertThat(set.normalisation()).isEqualTo(new Normalisation(List.of(0.25, 0.5, 0.75), List.of(0.5, 0.5, 0.5)));
        assertThat(PackedNpzFile.<Long>read(packed, (_, _, _, counted) -> counted))
                .isEqualTo(bytes);
    }

    @ParameterizedTest(name = "{0} bits")
    @DisplayName("is decoded by NumPy to the same bytes")
    @ValueSource(ints = {4, 2})
    void numpy(int bits) throws IOException {
        Path packed = packed(bits);
        Path unpacked = folder.resolve("synthetic.npz");

        Numpy.find().run(DECODE + "np.savez(sys.argv[2], images=images, labels=z['labels'])", packed, unpacked);

        assertThat(read(packed).images().toLevels())
                .isEqualTo(NpzFile.read(unpacked).images().toLevels());
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
        Path file = packed(2);

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
        Path file = packed(2);

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
        return PackedNpzFile.read(file, (stored, factor, soft, bytes) -> stored);
    }

    /** Copies a file that has two images of random values. */
    private Path packed(int bits) throws IOException {
        Path file = folder.resolve("synthetic.packed.npz");
        try (InputStream in = PackedNpzFileTest.class.getResourceAsStream("packed-" + bits + ".npz")) {
            Files.copy(Objects.requireNonNull(in), file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }
}
