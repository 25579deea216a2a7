package dev.reverie.npz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("An array")
class NpyArrayTest {

    private static final int MAX_BYTES = 1000;

    @Test
    @DisplayName("is read as it was written")
    void roundTrip() throws IOException {
        assertThat(copy(NpyArray.ofFloats(new float[] {1, -2.5f}, 2, 1)).toFloats())
                .containsExactly(1, -2.5f);
        assertThat(copy(NpyArray.ofFloats(List.of(0.25, 0.5))).toReals()).containsExactly(0.25, 0.5);
        assertThat(copy(NpyArray.ofBytes(new byte[] {1, -1}, 1, 2)).toBytes()).containsExactly(1, -1);
        assertThat(copy(NpyArray.ofIntegers(List.of(7, -1))).toLongs()).containsExactly(7, -1);
        assertThat(copy(NpyArray.ofScalar(3)).toInteger(0, 3)).isEqualTo(3);
        assertThat(copy(NpyArray.ofTexts(List.of("Tücher", "", "😀"))).toTexts())
                .containsExactly("Tücher", "", "😀");
        assertThat(copy(NpyArray.ofTexts(List.of())).toTexts()).isEmpty();
    }

    @Test
    @DisplayName("has its data at a multiple of 64 bytes")
    void isAligned() throws IOException {
        ByteArrayOutputStream npy = new ByteArrayOutputStream();
        NpyArray.ofBytes(new byte[5], 5).writeTo(npy);

        assertThat((npy.size() - 5) % 64).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "|i1, ff, -1, -1",
        "|u1, ff, 255, 255",
        "<i2, feff, -2, -2",
        "<u2, feff, 65534, 65534",
        "<i4, feffffff, -2, -2",
        "<u4, feffffff, 4294967294, 4294967294",
        "<i8, feffffffffffffff, -2, -2",
        "<u8, feffffffffffffff, -2, 18446744073709551614",
        ">i4, fffffffe, -2, -2",
        ">u2, fffe, 65534, 65534",
        "<f2, 00c0, -2, -2",
        ">f8, c000000000000000, -2, -2"
    })
    @DisplayName("of any integer type has numbers and digits")
    void integers(String type, String hex, long number, String digits) throws IOException {
        NpyArray array = array(type, "1,", HexFormat.of().parseHex(hex));

        assertThat(array.toLongs()).containsExactly(number);
        assertThat(array.toDigits()).containsExactly(digits);
        assertThat(array.type()).hasToString(type);
    }

    @Test
    @DisplayName("of images has levels and intensities")
    void images() throws IOException {
        NpyArray floats = NpyArray.ofFloats(new float[] {0.4f, 1, 0}, 3, 1, 1, 1);

        assertThat(new NpyPixels(floats, 1).levels()).containsExactly(102, 255, 0);
        assertThat(new NpyPixels(floats, 1).intensity(0)).isEqualTo(0.4f);
        assertThat(levels("|u1", "1,", 9)).containsExactly(9);
        assertThat(levels("|b1", "2,", 0, 1)).containsExactly(0, 255);
        assertThat(levels("<u2", "3,", 1, 1, 0x80, 0, 255, 255)).containsExactly(1, 0, 255);
        assertThat(levels(">u2", "1,", 0, 0)).containsExactly(0);
        assertThat(levels(">i2", "2,", 0, 255, 0, 3)).containsExactly(255, 3);
        assertRefused(
                () -> new NpyPixels(NpyArray.ofFloats(new float[] {0, 0, 1.5f, 0}, 2, 2), 2).levels(),
                "has the value 1.5 in image 1: save floats from 0 to 1, or uint8");
        assertRefused(
                () -> levels(">i2", "2,", 0, 255, 1, 0),
                "has the value 256 in image 1: save floats from 0 to 1, or uint8");
        assertRefused(
                () -> levels("<u2", "1,", 255, 0),
                "has dtype <u2 and no value above 255, so it has levels of 8 bits, or of 16 bits that are almost black:"
                        + " save it as uint8");
    }

    private static byte[] levels(String type, String shape, int... data) throws IOException {
        byte[] bytes = new byte[data.length];
        for (int i = 0; i < data.length; i++) {
            bytes[i] = (byte) data[i];
        }
        return new NpyPixels(array(type, shape, bytes), 1).levels();
    }

    @Test
    @DisplayName("in Fortran order has its items in row-major order, and is written as it was read")
    void columnMajor() throws IOException {
        String header =
                new String(Archives.npy("|u1", "2, 3", new byte[] {0, 3, 1, 4, 2, 5}), StandardCharsets.ISO_8859_1);
        byte[] npy = header.replace("False", "True ").getBytes(StandardCharsets.ISO_8859_1);

        NpyArray array = NpyArray.readFrom(new ByteArrayInputStream(npy), MAX_BYTES);

        assertThat(array.toBytes()).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(copy(array).toLongs()).containsExactly(0, 1, 2, 3, 4, 5);
        ByteArrayOutputStream npz = new ByteArrayOutputStream();
        NpzWriter writer = NpzWriter.stored(npz);
        writer.write("x", array);
        writer.finish();
        assertThat(NpzArchive.unpack(npz.toByteArray(), "it", Set.of("x"), MAX_BYTES)
                        .get("x", NpyArray::toLongs))
                .containsExactly(0, 1, 2, 3, 4, 5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<c8 | 1, | has dtype <c8: save it as float32, float64, an integer type, or Unicode text",
                "<U0 | 9, | has dtype <U0: save it as float32, float64, an integer type, or Unicode text",
                "<U70000 | 1, | has texts of 70000 characters, more than the 65536 allowed: shorten them",
                "<u1 | 65536, 65536 | has 4294967296 bytes, more than the 1000 allowed: use fewer or smaller images",
                "<u1 | 99999999999, | has the invalid shape (99999999999,): save it again with numpy.savez",
                "<i8 | 2147483647, 2147483647, 2147483647 | has the invalid shape (2147483647, 2147483647, 2147483647):"
                        + " save it again with numpy.savez",
                "<f4 | -1, | has a malformed header: save it again with numpy.savez",
                "<f4 | 3, | is truncated: expected 12 bytes, got 8; save it again",
                "<f4 | 1, | has more data than its header declares: save it again",
            })
    @DisplayName("is refused with the reason if its header is unusable")
    void unusable(String type, String shape, String message) {
        assertThatThrownBy(() -> array(type, shape, new byte[8]))
                .isInstanceOf(NpzException.class)
                .hasMessage(message);
    }

    @Test
    @DisplayName("refuses to be converted to other values")
    void otherValues() {
        assertRefused(() -> NpyArray.ofScalar(1).toFloats(), "has dtype <i8: save it as float32");
        assertRefused(() -> NpyArray.ofScalar(1).toTexts(), "has dtype <i8: save it as Unicode text");
        assertRefused(() -> NpyArray.ofScalar(1).toBytes(), "has dtype <i8: save it as uint8");
        assertRefused(() -> NpyArray.ofTexts(List.of("a")).toLongs(), "has dtype <U1: save it as integers");
        assertRefused(
                () -> NpyArray.ofFloats(new float[] {3, 0.5f}, 2).toDigits(),
                "has the value 0.5 at position 1: save it as integers");
        assertRefused(
                () -> NpyArray.ofIntegers(List.of(1, 9)).toIntegers(0, 8),
                "has the value 9 at position 1: expected 0 to 8");
        assertRefused(
                () -> NpyArray.ofIntegers(List.of(1, 9)).toInteger(0, 8), "has shape [2]: expected a single integer");
        assertRefused(
                () -> NpyArray.ofFloats(new float[] {0, Float.NaN}, 2).toReals(),
                "has a value that is not finite, at position 1: replace it with a finite number");
        assertRefused(
                () -> array("<U1", "1,", new byte[] {0, (byte) 0xd8, 0, 0}).toTexts(),
                "has invalid Unicode at position 0: correct the text");
        assertRefused(
                () -> array("<U1", "1,", new byte[] {-1, -1, -1, -1}).toTexts(),
                "has invalid Unicode at position 0: correct the text");
        byte[] surrogates = HexFormat.of().parseHex("3dd80000" + "00de0000"); // which would become one character
        assertRefused(
                () -> array("<U2", "1,", surrogates).toTexts(), "has invalid Unicode at position 0: correct the text");
    }

    private static void assertRefused(Callable<?> conversion, String message) {
        assertThatThrownBy(conversion::call).isInstanceOf(NpzException.class).hasMessage(message);
    }

    private static NpyArray array(String type, String shape, byte[] data) throws IOException {
        return NpyArray.readFrom(new ByteArrayInputStream(Archives.npy(type, shape, data)), MAX_BYTES);
    }

    private static NpyArray copy(NpyArray array) throws IOException {
        ByteArrayOutputStream npy = new ByteArrayOutputStream();
        array.writeTo(npy);
        return NpyArray.readFrom(new ByteArrayInputStream(npy.toByteArray()), MAX_BYTES);
    }
}
