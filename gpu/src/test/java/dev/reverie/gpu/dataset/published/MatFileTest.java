package dev.reverie.gpu.dataset.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.FileFormatException;
import dev.reverie.gpu.dataset.Numpy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A MAT-file of level 5")
class MatFileTest {

    private static final byte[] SIX = {1, 2, 3, 4, 5, -1};

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("is read compressed or not, and its arrays of other numbers are skipped")
    void readsArrays(boolean compressed) throws Exception {
        MatBytes file = new MatBytes(compressed)
                .bytes("X", SIX, 2, 3)
                .array("doubles", 6, 9, new byte[16], 2, 1)
                .bytes("y", new byte[] {7}, 1, 1);

        assertThat(values(file.toBytes()))
                .containsExactly(Map.entry("X [2, 3]", "0102030405ff"), Map.entry("y [1, 1]", "07"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"True", "False"})
    @DisplayName("is read as SciPy writes it, and its other values are skipped")
    void readsSciPy(String compressed, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("scipy.mat");
        Numpy.withSciPy().run("""
                from scipy.io import savemat
                savemat(sys.argv[1], {
                    'text': 'a text', 'struct': {'a': 1}, 'z': np.array([1j, 2]), 'empty': np.zeros((0, 3)),
                    'X': np.arange(24, dtype=np.uint8).reshape(2, 3, 4), 'd': np.array([[0.25]]),
                }, do_compression=sys.argv[2] == 'True')
                """, file, compressed);

        Map<String, String> values = values(Files.readAllBytes(file));

        assertThat(values.keySet()).containsExactly("X [2, 3, 4]");
        assertThat(values.get("X [2, 3, 4]")).startsWith("000c0410").endsWith("0b17");
    }

    @Test
    @DisplayName("is valid for SciPy as these tests write it")
    void sciPyReadsTheFixture(@TempDir Path folder) throws IOException {
        Path file = Files.write(
                folder.resolve("ours.mat"),
                new MatBytes(true).bytes("X", SIX, 2, 3).toBytes());

        assertThat(Numpy.withSciPy().run("""
                        from scipy.io import loadmat
                        X = loadmat(sys.argv[1])['X']
                        print(X.dtype, X.tolist())
                        """, file)).isEqualTo("uint8 [[1, 3, 5], [2, 4, 255]]");
    }

    @Test
    @DisplayName("is distinguished from files of other levels, in big-endian order, or of other kinds")
    void refusesOtherFiles() {
        byte[] later = new MatBytes(false).toBytes();
        later[125] = 2;

        List.of(later, text("\u0089HDF\r\n\u001a\n"), text("<html>log in"), new byte[0], new byte[200])
                .forEach(file -> assertRefused(file, "is not a MAT-file of level 5, little-endian"));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName("is refused if it is truncated at any length")
    void refusesTruncatedFiles(boolean compressed) {
        byte[] file = new MatBytes(compressed).bytes("X", SIX, 2, 3).toBytes();

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
        byte[] file = new MatBytes(true)
                .bytes("X", SIX, 1 << 30, 1 << 30, 1 << 30, 1 << 30)
                .toBytes();

        assertRefused(file, "is a damaged MAT-file: its array 'X' has the dimensions [1073741824, ");
    }

    @Test
    @DisplayName("is refused if its compressed data is damaged")
    void refusesDamage() {
        byte[] file = new MatBytes(true).bytes("X", SIX, 2, 3).toBytes();
        file[file.length - 1] ^= 1; // of the checksum

        assertRefused(file, "is a damaged MAT-file: an array cannot be decompressed");
    }

    private static void assertRefused(byte[] file, String message) {
        assertThatThrownBy(() -> values(file))
                .isInstanceOf(FileFormatException.class)
                .hasMessageContaining(message);
    }

    private static Map<String, String> values(byte[] file) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        MatFile.read(
                new ByteArrayInputStream(file),
                (name, dimensions, content) ->
                        values.put(name + " " + dimensions, HexFormat.of().formatHex(content.readAllBytes())));
        return values;
    }
}
