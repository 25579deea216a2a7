package dev.reverie.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.reverie.npz.NpyArray;
import dev.reverie.npz.NpzException;
import java.io.IOException;
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
                .withIntegers("an_array_of_tomorrow", 1)
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
                .withIntegers("label_values", 7, -3)
                .toNpz());

        assertThat(images.labels()).containsExactly(-3, 7);
        assertThat(images.classIndices()).containsExactly(1, 0);
        assertThat(images.names()).containsExactly(entry(7L, "7"), entry(-3L, "-3"));
    }

    @Test
    @DisplayName("are rounded to bytes if a service sends floats")
    void floats() throws IOException {
        MemoryImages images = MemoryImages.read(MemoryFiles.of(CLASSES, 0, 0, 0)
                .with("images", NpyArray.ofFloats(new float[] {0.4f, 1, 0}, 3, 1, 1, 1))
                .toNpz());

        assertThat(images.pixels()).containsExactly(102, 255, 0);
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
                        "integers for floats",
                        file -> file.withIntegers("mean", 0),
                        "the array 'mean' of the file has dtype <i8: save it as float32"),
                malformed(
                        "images and labels that differ in number",
                        file -> file.with("images", NpyArray.ofBytes(new byte[1], 1, 1, 1, 1)),
                        "its images of shape [1, 1, 1, 1] do not fit its 2 labels"),
                malformed(
                        "a class without a name",
                        file -> file.withIntegers("labels", 0, 5),
                        "it has images of an unknown class"),
                malformed(
                        "a negative index",
                        file -> file.withIntegers("labels", 0, -1),
                        "the array 'labels' of the file has the value -1 at position 1: expected 0 to 2147483647"),
                malformed(
                        "classes that differ in number",
                        file -> file.with("class_names", NpyArray.ofTexts(List.of("cat"))),
                        "its classes, names and label values differ in number"),
                malformed(
                        "two classes with one index",
                        file -> file.withIntegers("class_index", 1, 1).withIntegers("labels", 1, 1),
                        "two of its classes have the same index"),
                malformed(
                        "two classes with one label value",
                        file -> file.withIntegers("label_values", 7, 7),
                        "two of its classes have the same label value"),
                malformed(
                        "statistics of other channels",
                        file -> file.with("std", NpyArray.ofFloats(List.of(1.0, 1.0))),
                        "it does not have one mean and one standard deviation per channel"));
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
}
