package dev.reverie.gpu.dataset.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.dataset.Numpy;
import dev.reverie.gpu.dataset.UntrustedInput;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A pickle of data is read without executing code")
class PickledDictionaryTest {

    private static final byte[] BATCH = PythonTwo.batch("labels", List.of(0, 300), new byte[] {0, 1, 2, 3, -1, '\n'});

    @Test
    @DisplayName("as Python 2 wrote the CIFAR files")
    void readsPythonTwo() throws Exception {
        PickledDictionary pickle = read(BATCH);

        assertThat(pickle.numbers("labels")).containsExactly(0, 300);
        assertThat(pickle.texts("filenames")).containsExactly("0_s_000001.png", "300_s_000001.png");
        assertThat(row(pickle.array("data"), 0)).containsExactly(0, 1, 2);
        assertThat(row(pickle.array("data"), 1)).containsExactly(3, -1, '\n');
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

    @ParameterizedTest
    @CsvSource({"0, C", "1, C", "2, C", "3, C", "4, C", "5, C", "0, F", "1, F", "2, F", "3, F", "4, F", "5, F"})
    @DisplayName("as Python 3 and NumPy write them, in every protocol and order")
    void readsEveryProtocol(int protocol, String order, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("batch");
        Numpy.find().run("""
                import pickle
                data = np.array(np.arange(512, dtype=np.uint8).reshape(2, 256), order=sys.argv[3])
                batch = {'data': data, 'labels': [0, 70000, -3], 'names': ['a\\nb', "it's", 'Tücher \\u2603\\\\'], 'empty': []}
                pickle.dump(batch, open(sys.argv[1], 'wb'), int(sys.argv[2]))
                """, file, protocol, order);

        PickledDictionary pickle = read(Files.readAllBytes(file));

        assertThat(pickle.numbers("labels")).containsExactly(0, 70_000, -3);
        assertThat(pickle.texts("names")).containsExactly("a\nb", "it's", "Tücher \u2603\\");
        assertThat(pickle.numbers("empty")).isEmpty();
        byte[] row = row(pickle.array("data"), 1);
        assertThat(row).hasSize(256);
        assertThat(new int[] {row[0], row[1], row[200] & 0xff, row[255] & 0xff}).containsExactly(0, 1, 200, 255);
    }

    @Test
    @DisplayName("in the printable protocol 0 of Python 2")
    void readsPrintableTexts() throws Exception {
        PickledDictionary pickle = read("(dp0\nS'it\\'s \\x41\\\\\\n'\np1\n(lp2\nI7\naL8L\nas.");

        assertThat(pickle.numbers("it's A\\\n")).containsExactly(7, 8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "os.system | cos\\nsystem\\n(S'true'\\ntR.",
                "builtins.eval | cbuiltins\\neval\\n.",
                "posix.system | (S'true'\\niposix\\nsystem\\n.",
                "datetime.date | cdatetime\\ndate\\n.",
            })
    @DisplayName("and one that would run a program is refused with the program's name")
    void refusesFunctions(String name, String text) {
        assertThatThrownBy(() -> read(text.replace("\\n", "\n")))
                .isInstanceOf(PickleException.class)
                .hasMessage("is a pickle that refers to " + name + ": it may contain only dictionaries, lists, strings,"
                        + " integers and NumPy arrays");
    }

    @Test
    @DisplayName("and one with an object of a Python class is refused with the name of the class")
    void refusesObjects(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("object");
        Numpy.find().run("""
                import pickle, fractions
                pickle.dump({'labels': [fractions.Fraction(1, 2)]}, open(sys.argv[1], 'wb'), 4)
                """, file);

        assertRefused(Files.readAllBytes(file), "is a pickle that refers to fractions.Fraction: ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "np.zeros((2, 2)) | is a pickle with an array whose type is not uint8",
                "np.array([None]) | is a pickle with an array whose type is not uint8",
                "np.zeros(2, np.uint8) | is a pickle with an array that is not two-dimensional",
                "np.int64(3) | core.multiarray.scalar: it may contain only dictionaries",
                "3.5 | is not a pickle of plain data: it has the opcode 0x47,",
                "{1, 2} | is not a pickle of plain data: it has the opcode 0x8f,",
                "{1: 2} | is a pickle with a dictionary whose keys are not all strings",
            })
    @DisplayName("and one with other arrays and values is refused with the reason")
    void refusesOtherValues(String value, String reason, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("other");
        Numpy.find().run("import pickle\npickle.dump({'data': " + value + "}, open(sys.argv[1], 'wb'), 4)", file);

        assertRefused(Files.readAllBytes(file), reason);
    }

    @Test
    @DisplayName("and one that is truncated at any length is refused")
    void refusesTruncatedFiles() {
        for (int length = 0; length < BATCH.length; length++) {
            byte[] cut = Arrays.copyOf(BATCH, length);
            assertThatThrownBy(() -> read(cut)).isInstanceOf(PickleException.class);
        }
        assertRefused(Arrays.copyOf(BATCH, BATCH.length - 1), "is truncated: the pickle ends too early");
    }

    @Test
    @DisplayName("and one with a text that is not UTF-8 is refused")
    void refusesOtherEncodings() {
        assertRefused(new byte[] {'}', 'X', 1, 0, 0, 0, -1, 'K', 1, 's', '.'}, "a text is not valid UTF-8");
    }

    @Test
    @DisplayName("and one with data after its end is refused")
    void refusesMore() {
        assertRefused(Arrays.copyOf(BATCH, BATCH.length + 1), "there is more data after its end");
    }

    @Test
    @DisplayName("and no memory is allocated for the length that a string declares")
    void refusesClaims() throws Exception {
        byte[] claim = {'T', 0, 0, 0, 0x10, 'x'};
        assertRefused(claim, "is truncated");
        UntrustedInput.readOrRefused(() -> read(claim), PickleException.class);

        assertRefused(new byte[] {'T', -1, -1, -1, 0x7f, 'x'}, "it declares a string of 2147483647 bytes");
    }

    @Test
    @DisplayName("and one with too many values is refused")
    void refusesPiles() {
        ByteArrayOutputStream pile = new ByteArrayOutputStream();
        for (int i = 0; i < 3_000_000; i++) {
            pile.write(i % 2 == 0 ? '(' : ']');
        }

        assertRefused(pile.toByteArray(), "is a pickle of more than 2097152 values");
    }

    @Test
    @DisplayName("and a list that contains itself is harmless")
    void standsRecursion() throws Exception {
        assertThatThrownBy(() -> read("]q\0h\0a.").numbers("x"))
                .hasMessage("is a pickle of a list instead of a dictionary");
        assertThatThrownBy(() -> read("}(U\1x]q\0h\0au.").numbers("x"))
                .hasMessage("is a pickle whose list 'x' has items that are not integers");
    }

    @Test
    @DisplayName("and a missing or mistyped entry is named")
    void namesWhatIsMissing() throws Exception {
        assertThatThrownBy(() -> read(BATCH).array("labels"))
                .hasMessage("is a pickle with a list as 'labels' instead of an array");
        assertThatThrownBy(() -> read(BATCH).numbers("fine_labels")).hasMessage("is a pickle without 'fine_labels'");
        assertThatThrownBy(() -> read(BATCH).numbers("filenames"))
                .hasMessage("is a pickle whose list 'filenames' has items that are not integers");
    }

    @Test
    @DisplayName("and a file of another kind is refused")
    void refusesOtherFiles() {
        assertRefused(
                "PK\3\4".getBytes(StandardCharsets.ISO_8859_1),
                "is not a pickle of plain data: it has the opcode 0x50");
    }

    private static void assertRefused(byte[] file, String message) {
        assertThatThrownBy(() -> read(file)).isInstanceOf(PickleException.class).hasMessageContaining(message);
    }

    private static PickledDictionary read(String latin1) throws IOException, PickleException {
        return read(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static PickledDictionary read(byte[] file) throws IOException, PickleException {
        return PickledDictionary.read(new ByteArrayInputStream(file));
    }

    private static byte[] row(PickledArray table, int index) {
        byte[] row = new byte[table.columns()];
        table.copyRow(index, row);
        return row;
    }
}
