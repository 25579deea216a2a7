package dev.reverie.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.reverie.npz.NpzException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The images of a memory")
class MemoryImagesTest {

    private static final List<String> CLASSES = List.of("cat", "dog");

    @Test
    @DisplayName("have pixels, labels, class names and the statistics of the real images")
    void read() throws IOException {
        MemoryImages images = MemoryImages.read(MemoryFiles.of(CLASSES, 1, 0, 1)
                .with("an_array_of_tomorrow", "|b1", "1,", new byte[1])
                .toNpz());

        assertThat(images.size()).isEqualTo(3);
        assertThat(images.shape()).isEqualTo(new ImageShape(1, 1, 1));
        assertThat(images.pixels()).containsExactly(0, 1, 2);
        assertThat(images.values()).containsExactly(0, 1 / 255f, 2 / 255f);
        assertThat(images.labels()).containsExactly(1, 0, 1);
        assertThat(images.label(0)).isEqualTo("dog");
        assertThat(images.names()).containsExactly(entry(0L, "cat"), entry(1L, "dog"));
        assertThat(images.mean()).containsExactly(0.25f);
        assertThat(images.std()).containsExactly(0.5f);
    }

    @Test
    @DisplayName("have the integers that were sent as labels")
    void integers() throws IOException {
        MemoryImages images = MemoryImages.read(MemoryFiles.of(List.of("7", "-3"), 1, 0)
                .with("label_values", "<i8", "2,", MemoryFiles.longs(7, -3))
                .toNpz());

        assertThat(images.labels()).containsExactly(-3, 7);
        assertThat(images.classIndices()).containsExactly(1, 0);
        assertThat(images.names()).containsExactly(entry(7L, "7"), entry(-3L, "-3"));
    }

    @Test
    @DisplayName("are rounded to bytes if a service sends floats")
    void floats() throws IOException {
        MemoryImages images = MemoryImages.read(MemoryFiles.of(CLASSES, 0, 0, 0)
                .with("images", "<f4", "3, 1, 1, 1", MemoryFiles.floats(0.4f, 1, 0))
                .toNpz());

        assertThat(images.pixels()).containsExactly(102, 255, 0);
    }

    @Test
    @DisplayName("are those that are decoded, whatever the size and the format of the stored ones")
    void stored() throws IOException {
        byte[] file = MemoryFiles.of(CLASSES, 0, 0, 1, 1)
                .with("parameters", "|u1", "100000, 1, 1, 1", new byte[100_000])
                .with("parameter_labels", "<i2", "2,", new byte[4])
                .with("factor", "<i8", "", MemoryFiles.longs(2))
                .with("zeros", "|u1", "100000,", new byte[100_000])
                .toNpz();

        assertThat(MemoryImages.read(file).pixels()).containsExactly(0, 1, 2, 3);
    }

    @Test
    @DisplayName("are refused if their class names are texts of no length, which could be any number of them")
    void emptyTexts() throws IOException {
        byte[] huge = MemoryFiles.of(CLASSES, 0)
                .with("class_names", "<U0", Integer.MAX_VALUE + ",", new byte[0])
                .toNpz();

        assertThatThrownBy(() -> MemoryImages.read(huge))
                .isInstanceOf(NpzException.class)
                .hasMessageContaining("its array 'class_names' has dtype <U0");
    }

    @Test
    @DisplayName("do not change when a caller changes an array")
    void immutable() throws IOException {
        MemoryImages images = MemoryImages.read(MemoryFiles.of(CLASSES, 0).toNpz());

        images.pixels()[0] = 9;
        images.classIndices()[0] = 9;
        images.mean()[0] = 9;

        assertThat(images.pixels()).containsExactly(0);
        assertThat(images.classIndices()).containsExactly(0);
        assertThat(images.mean()).containsExactly(0.25f);
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                malformed("a missing array", file -> file.without("labels"), "the file has no array 'labels'"),
                malformed(
                        "bytes for floats",
                        file -> file.with("mean", "|u1", "1,", new byte[1]),
                        "the array 'mean' of the file has dtype |u1: save it as float32"),
                malformed(
                        "too few values",
                        file -> file.with("images", "|u1", "2, 1, 1, 1", new byte[1]),
                        "the file cannot be read: its array 'images' is truncated: expected 2 bytes, got 1; save it"
                                + " again"),
                malformed(
                        "too many values",
                        file -> file.with("images", "|u1", "2, 1, 1, 1", new byte[3]),
                        "the file cannot be read: its array 'images' has more data than its header declares: save it"
                                + " again"),
                malformed(
                        "big-endian values",
                        file -> file.with("mean", ">f4", "1,", new byte[4]),
                        "the file cannot be read: its array 'mean' is big-endian (>f4): save it little-endian"),
                malformed(
                        "a size that overflows",
                        file -> file.with("images", "|u1", "65536, 65536, 1, 1", new byte[1]),
                        "the file is too large: its array 'images' has 4294967296 bytes, more than the 1073741824"
                                + " allowed: use fewer or smaller images"),
                malformed(
                        "images and labels that differ in number",
                        file -> file.with("images", "|u1", "1, 1, 1, 1", new byte[1]),
                        "its images of shape [1, 1, 1, 1] do not fit its 2 labels"),
                malformed(
                        "a class without a name",
                        file -> file.with("labels", "<i8", "2,", MemoryFiles.longs(0, 5)),
                        "it has images of an unknown class"),
                malformed(
                        "a negative index",
                        file -> file.with("labels", "<i8", "2,", MemoryFiles.longs(0, -1)),
                        "the array 'labels' of the file has the value -1 at position 1: expected 0 to 2147483647"),
                malformed(
                        "surrogates",
                        file -> file.with("class_names", "<U2", "2,", MemoryFiles.longs(0xd83d, 0xde00)),
                        "the array 'class_names' of the file has invalid Unicode at position 0: correct the text"),
                malformed(
                        "classes that differ in number",
                        file -> file.withTexts("class_names", List.of("cat")),
                        "its classes, names and label values differ in number"),
                malformed(
                        "two classes with one index",
                        file -> file.with("class_index", "<i8", "2,", MemoryFiles.longs(1, 1))
                                .with("labels", "<i8", "2,", MemoryFiles.longs(1, 1)),
                        "two of its classes have the same index"),
                malformed(
                        "two classes with one label value",
                        file -> file.with("label_values", "<i8", "2,", MemoryFiles.longs(7, 7)),
                        "two of its classes have the same label value"),
                malformed(
                        "statistics of other channels",
                        file -> file.with("std", "<f4", "2,", MemoryFiles.floats(1, 1)),
                        "it does not have one mean and one standard deviation per channel"),
                malformed(
                        "an impossible character",
                        file -> file.with("class_names", "<U1", "2,", MemoryFiles.longs(-1)),
                        "the array 'class_names' of the file has invalid Unicode at position 0: correct the text"),
                malformed(
                        "an array that is no NPY file",
                        file -> file.withFile("std", "pickled".getBytes(StandardCharsets.US_ASCII)),
                        "the file cannot be read: its array 'std' is not a NumPy array: save it with numpy.savez"));
    }

    private static Arguments malformed(String what, UnaryOperator<MemoryFiles> change, String message) {
        return Arguments.of(Named.of(what, change), message);
    }

    @ParameterizedTest
    @MethodSource
    @DisplayName("are refused with the reason if their file is malformed")
    void malformed(UnaryOperator<MemoryFiles> change, String message) {
        byte[] file = change.apply(MemoryFiles.of(CLASSES, 0, 1)).toNpz();

        assertThatThrownBy(() -> MemoryImages.read(file))
                .isInstanceOf(NpzException.class)
                .hasMessage(message);
    }

    @Test
    @DisplayName("are refused if their file is truncated, damaged or no archive")
    void damaged() {
        byte[] file = MemoryFiles.of(CLASSES, 0, 1).toNpz();
        byte[] changed = file.clone();
        changed[60] ^= 1; // within the images

        assertThatThrownBy(() -> MemoryImages.read(Arrays.copyOf(file, 80)))
                .isInstanceOf(NpzException.class)
                .hasMessage("the file is not an NPZ file, or is truncated: save the arrays with numpy.savez");
        assertThatThrownBy(() -> MemoryImages.read(changed)).isInstanceOf(NpzException.class);
        assertThatThrownBy(() -> MemoryImages.read(new byte[100]))
                .isInstanceOf(NpzException.class)
                .hasMessage("the file is not an NPZ file, or is truncated: save the arrays with numpy.savez");
    }
}
