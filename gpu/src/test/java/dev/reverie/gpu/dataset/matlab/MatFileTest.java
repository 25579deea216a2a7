package dev.reverie.gpu.dataset.matlab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.FileFormatException;
import dev.reverie.gpu.dataset.Numpy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A MAT-file of level 5")
class MatFileTest {

    private static final byte[] SIX = {1, 2, 3, 4, 5, -1};

    @ParameterizedTest
    @CsvSource({"LITTLE_ENDIAN, true", "LITTLE_ENDIAN, false", "BIG_ENDIAN, true", "BIG_ENDIAN, false"})
    @DisplayName("is read in both byte orders, compressed or not")
    void readsAllForms(String order, boolean compressed) throws Exception {
        MatBytes file = new MatBytes(
                        order.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN, compressed)
                .bytes("X", SIX, 2, 3)
                .doubles("long_name", new double[] {10, 0.5}, 2, 1)
                .bytes("y", new byte[] {7}, 1, 1);

        assertThat(values(file.toBytes()))
                .containsExactly(
                        Map.entry("X [2, 3]", List.of(1.0, 2.0, 3.0, 4.0, 5.0, 255.0)),
                        Map.entry("long_name [2, 1]", List.of(10.0, 0.5)),
                        Map.entry("y [1, 1]", List.of(7.0)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"True", "False"})
    @DisplayName("is read as SciPy writes it, and its texts, structures and complex numbers are skipped")
    void readsSciPy(String compressed, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("scipy.mat");
        Numpy.withSciPy().run("""
                from scipy.io import savemat
                savemat(sys.argv[1], {
                    'text': 'a text', 'struct': {'a': 1}, 'z': np.array([1j, 2]), 'empty': np.zeros((0, 3)),
                    'X': np.arange(24, dtype=np.uint8).reshape(2, 3, 4), 'y': np.array([[1], [-2], [70000]]).astype(np.int32),
                    'd': np.array([[0.25]]),
                }, do_compression=sys.argv[2] == 'True')
                """, file, compressed);

        Map<String, List<Double>> values = values(Files.readAllBytes(file));

        assertThat(values.keySet()).containsExactly("X [2, 3, 4]", "y [3, 1]", "d [1, 1]");
        assertThat(values.get("X [2, 3, 4]")).startsWith(0.0, 12.0, 4.0, 16.0).endsWith(11.0, 23.0);
        assertThat(values.get("y [3, 1]")).containsExactly(1.0, -2.0, 70_000.0);
        assertThat(values.get("d [1, 1]")).containsExactly(0.25);
    }

    @Test
    @DisplayName("is valid for SciPy as these tests write it")
    void sciPyReadsTheFixture(@TempDir Path folder) throws IOException {
        Path file = Files.write(
                folder.resolve("ours.mat"),
                new MatBytes(ByteOrder.BIG_ENDIAN, true).bytes("X", SIX, 2, 3).toBytes());

        assertThat(Numpy.withSciPy().run("""
                        from scipy.io import loadmat
                        X = loadmat(sys.argv[1])['X']
                        print(X.dtype, X.tolist())
                        """, file)).isEqualTo("uint8 [[1, 3, 5], [2, 4, 255]]");
    }

    @Test
    @DisplayName("is distinguished from level 7.3, which is refused with a message that names the level")
    void refusesOtherLevels() {
        byte[] later = new MatBytes(ByteOrder.LITTLE_ENDIAN, false).toBytes();
        ByteBuffer.wrap(later).order(ByteOrder.LITTLE_ENDIAN).putShort(124, (short) 0x0200);
        assertRefused(later, "is a MAT-file of level 7.3 (HDF5), but only level 5 is supported");
        assertRefused("\u0089HDF\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1), "of level 7.3 (HDF5)");

        ByteBuffer.wrap(later).order(ByteOrder.LITTLE_ENDIAN).putShort(124, (short) 0x0300);
        assertRefused(later, "is a MAT-file of level 0x0300");
    }

    @Test
    @DisplayName("is distinguished from a file of level 4")
    void refusesLevel4OfSciPy(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("level4.mat");
        Numpy.withSciPy()
                .run("from scipy.io import savemat\nsavemat(sys.argv[1], {'X': np.ones((50, 3))}, format='4')", file);

        assertRefused(Files.readAllBytes(file), "is not a MAT-file of level 5");
    }

    @Test
    @DisplayName("is refused if it is another kind of file")
    void refusesOtherFiles() {
        assertRefused(new byte[0], "is not a MAT-file");
        assertRefused(new byte[200], "is not a MAT-file");
        assertRefused("<html>log in".getBytes(StandardCharsets.UTF_8), "is not a MAT-file");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("is refused if it is truncated at any length")
    void refusesTruncatedFiles(boolean compressed) {
        byte[] file = new MatBytes(ByteOrder.LITTLE_ENDIAN, compressed)
                .bytes("X", SIX, 2, 3)
                .toBytes();

        for (int length = 129; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertThatThrownBy(() -> values(cut))
                    .isInstanceOf(FileFormatException.class)
                    .hasMessage("is truncated: an array ends too early");
        }
    }

    @Test
    @DisplayName("is refused if an array declares another number of values than it has")
    void refusesClaims() {
        byte[] file = new MatBytes(ByteOrder.LITTLE_ENDIAN, true)
                .bytes("X", SIX, 1 << 30, 1 << 30, 1 << 30, 1 << 30)
                .toBytes();

        assertRefused(file, "is a damaged MAT-file: its array 'X' has the dimensions [1073741824, ");
    }

    @Test
    @DisplayName("is refused if its compressed data is damaged")
    void refusesDamage() {
        byte[] file = new MatBytes(ByteOrder.LITTLE_ENDIAN, true)
                .bytes("X", SIX, 2, 3)
                .toBytes();
        file[file.length - 1] ^= 1; // of the checksum

        assertRefused(file, "is a damaged MAT-file: an array cannot be decompressed");
    }

    private static void assertRefused(byte[] file, String message) {
        assertThatThrownBy(() -> values(file))
                .isInstanceOf(FileFormatException.class)
                .hasMessageContaining(message);
    }

    private static Map<String, List<Double>> values(byte[] file) throws IOException {
        Map<String, List<Double>> values = new LinkedHashMap<>();
        MatFile.read(new ByteArrayInputStream(file), array -> {
            List<Double> content = new ArrayList<>();
            int count = array.dimensions().stream().reduce(1, Math::multiplyExact);
            for (int i = 0; i < count; i++) {
                content.add(array.next());
            }
            values.put(array.name() + " " + array.dimensions(), content);
        });
        return values;
    }
}
