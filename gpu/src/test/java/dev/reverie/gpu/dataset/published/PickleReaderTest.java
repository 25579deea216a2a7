package dev.reverie.gpu.dataset.published;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.FileFormatException;
import dev.reverie.gpu.dataset.Numpy;
import dev.reverie.gpu.dataset.UntrustedInput;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A pickle of data is read without executing code")
class PickleReaderTest {

    private static final byte[] BATCH = PythonTwo.batch("labels", List.of(0, 300), new byte[] {0, 1, 2, 3, -1, '\n'});
    private static final String BEGIN = "\u0080\2}";
    private static final String ARRAY =
            "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\u0085U\1b\u0087R(K\1";
    private static final String TYPE = "cnumpy\ndtype\nU\2";
    private static final String STATE = "K\0K\1\u0087R(K\3U\1|NNNtb\u0089T";

    @Test
    @DisplayName("as Python 2 wrote the CIFAR files")
    void readsPythonTwo() throws Exception {
        PickleReader.Dictionary pickle = read(BATCH);

        assertThat(pickle.list("labels", Integer.class)).containsExactly(0, 300);
        assertThat(pickle.list("filenames", String.class)).containsExactly("0_s_000001.png", "300_s_000001.png");
        assertThat(pickle.table("data").columns()).isEqualTo(3);
        assertThat(pickle.table("data").content()).containsExactly(0, 1, 2, 3, -1, '\n');
    }

    @Test
    @DisplayName("as Python itself reads the test files")
    void agreesWithPythonOnTheFixture(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("batch"), BATCH);

        String printed = Numpy.find().run("""
                import pickle
                batch = pickle.load(open(sys.argv[1], 'rb'), encoding='latin1')
                print(batch['data'].dtype, batch['data'].tolist(), batch['labels'], batch['filenames'])
                """, file);

        assertThat(printed)
                .isEqualTo("uint8 [[0, 1, 2], [3, 255, 10]] [0, 300] ['0_s_000001.png', '300_s_000001.png']");
    }

    @Test
    @DisplayName("as CIFAR-10's file of class names, which the tests write exactly as it was published")
    void readsThePublishedFile() throws Exception {
        byte[] names = PythonTwo.meta("label_names", CifarFixture.TEN);

        assertThat(MessageDigest.getInstance("MD5").digest(names))
                .isEqualTo(HexFormat.of().parseHex("5ff9c542aee3614f3951f8cda6e48888")); // of batches.meta
        assertThat(read(names).list("label_names", String.class)).isEqualTo(CifarFixture.TEN);
    }

    @Test
    @DisplayName("with strings that occur twice, negative numbers, and many values in the memo")
    void readsOtherOpcodes() throws Exception {
        PickleReader.Dictionary pickle = read(BEGIN + "q\1(U\1xq\2]q\3(J\u00fd\u00ff\u00ff\u00ffM\0\1e"
                + "U\1yr\0\1\0\0](h\2j\0\1\0\0eU\1z]u(U\1aK\1u.");

        assertThat(pickle.list("x", Integer.class)).containsExactly(-3, 256);
        assertThat(pickle.list("y", String.class)).containsExactly("x", "y");
        assertThat(pickle.list("z", String.class)).isEmpty();
        assertThat(pickle.list("z", Integer.class)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "os.system, 'cos|system|(U\4truetR.'",
        "builtins.eval, '}(U\1xcbuiltins|eval|u.'",
        "posix.system, '}(U\1x](cposix|system|'",
        "numpy.dtype, '}(U\1xcnumpy|dtype|'",
        "datetime.date, '}(U\1xcnumpy.core.multiarray|_reconstruct|cdatetime|date|'",
    })
    @DisplayName("and one that would run a program is refused with the program's name")
    void refusesFunctions(String name, String opcodes) {
        assertThatThrownBy(() -> read("\u0080\2" + opcodes.replace('|', '\n')))
                .isInstanceOf(FileFormatException.class)
                .hasMessage("is a pickle that refers to " + name + ": it may contain only dictionaries, lists, strings,"
                        + " integers and NumPy arrays");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 4, 5})
    @DisplayName("and one of another protocol is refused")
    void refusesOtherProtocols(int protocol, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("other");
        Numpy.find()
                .run(
                        "import pickle\npickle.dump({'x': [1]}, open(sys.argv[1], 'wb'), int(sys.argv[2]))",
                        file,
                        protocol);

        assertRefused(Files.readAllBytes(file), "is not a pickle of protocol 2, as CIFAR's files are");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"2.5 | 0x47", "\"text\" | 0x58", "None | 0x4e", "{} | 0x7d", "1 << 40 | 0x8a"})
    @DisplayName("and one with other values, or written by Python 3, is refused with the opcode")
    void refusesOtherValues(String value, String opcode, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("other");
        Numpy.find().run("import pickle\npickle.dump(" + value + ", open(sys.argv[1], 'wb'), 2)", file);
        byte[] content = Files.readAllBytes(file);
        String opcodes = new String(content, 2, content.length - 2, StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> read(BEGIN + "(U\1x" + opcodes))
                .isInstanceOf(FileFormatException.class)
                .hasMessage("is not a pickle of plain data as Python 2 writes it: it has the opcode " + opcode
                        + " in an unexpected place");
    }

    @Test
    @DisplayName("and one with an array of other numbers, dimensions or sizes is refused with the reason")
    void refusesOtherArrays() {
        String six = "\6\0\0\0abcdeftb";
        assertArrayRefused(
                "K\2K\3\u0086" + TYPE + "f4" + STATE + six, "is a pickle with an array whose type is not uint8");
        assertArrayRefused(
                "K\6\u0085" + TYPE + "u1" + STATE + six, "is a pickle with an array that is not two-dimensional");
        assertArrayRefused(
                "K\1K\2K\3\u0087" + TYPE + "u1" + STATE + six, "is a pickle with an array that is not two-dimensional");
        assertArrayRefused(
                "K\2K\4\u0086" + TYPE + "u1" + STATE + six,
                "is a damaged pickle: an array in it declares 2x4 bytes but has 6");
        assertArrayRefused(
                "K\2K\3\u0086" + TYPE + "u1" + STATE.replace('\u0089', '\u0088') + six, "it has the opcode 0x88");
    }

    private static void assertArrayRefused(String array, String message) {
        assertRefused((BEGIN + "(U\1x" + ARRAY + array + "u.").getBytes(StandardCharsets.ISO_8859_1), message);
    }

    @Test
    @DisplayName("and one that is truncated at any length is refused")
    void refusesTruncatedFiles() {
        for (int length = 0; length < BATCH.length; length++) {
            assertRefused(Arrays.copyOf(BATCH, length), "is truncated: the pickle ends too early");
        }
    }

    @Test
    @DisplayName("and one with data after its end is refused")
    void refusesMore() {
        assertRefused(Arrays.copyOf(BATCH, BATCH.length + 1), "there is more data after its end");
    }

    @Test
    @DisplayName("and no memory is allocated for the length that an array declares")
    void refusesClaims() throws Exception {
        String array = BEGIN + "(U\1x" + ARRAY + "K\1K\1\u0086" + TYPE + "u1" + STATE;
        byte[] claim = (array + "\0\0\0\17x").getBytes(StandardCharsets.ISO_8859_1);
        assertRefused(claim, "is truncated");
        UntrustedInput.readOrRefused(() -> read(claim), FileFormatException.class);

        assertRefused(
                (array + "\u00ff\u00ff\u00ff\177").getBytes(StandardCharsets.ISO_8859_1),
                "is a pickle of more than 256 MiB");
        assertRefused(
                (array + "\u00ff\u00ff\u00ff\u00ff").getBytes(StandardCharsets.ISO_8859_1),
                "is a pickle of more than 256 MiB");
    }

    @Test
    @DisplayName("and one with too many values is refused")
    void refusesPiles() {
        ByteArrayOutputStream pile = new ByteArrayOutputStream();
        pile.writeBytes((BEGIN + "(U\1x](").getBytes(StandardCharsets.ISO_8859_1));
        pile.writeBytes("K\7".repeat(3_000_000).getBytes(StandardCharsets.ISO_8859_1));

        assertRefused(pile.toByteArray(), "is a pickle of more than 256 MiB");
    }

    @Test
    @DisplayName("and a missing or mistyped entry is named")
    void namesWhatIsMissing() throws Exception {
        assertThatThrownBy(() -> read(BATCH).table("labels")).hasMessage("is a pickle without an array 'labels'");
        assertThatThrownBy(() -> read(BATCH).list("fine_labels", Integer.class))
                .hasMessage("is a pickle without a list 'fine_labels' whose items are all of type Integer");
        assertThatThrownBy(() -> read(BATCH).list("filenames", Integer.class))
                .hasMessage("is a pickle without a list 'filenames' whose items are all of type Integer");
        assertThatThrownBy(() -> read(BEGIN + "(U\1x](h\7eu."))
                .hasMessage("is a damaged pickle: it refers to an unknown string");
        assertThatThrownBy(() -> read(BEGIN + "(K\1K\2u."))
                .hasMessage("is a pickle with a dictionary whose keys are not all strings");
    }

    private static void assertRefused(byte[] file, String message) {
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(FileFormatException.class)
                .hasMessageContaining(message);
    }

    private static PickleReader.Dictionary read(String latin1) throws IOException {
        return read(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static PickleReader.Dictionary read(byte[] file) throws IOException {
        return new PickleReader(new ByteArrayInputStream(file)).read();
    }
}
