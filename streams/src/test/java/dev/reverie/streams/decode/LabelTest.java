package dev.reverie.streams.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A label")
class LabelTest {

    private final NameRules names = new NameRules(IngestLimits.defaults());

    @ParameterizedTest(name = "{0}")
    @DisplayName("consists of letters and digits of any script with their marks, '_', '.', '-', and inner spaces")
    @ValueSource(
            strings = {
                "3",
                "-3",
                "Ankle boot",
                "T-shirt.2_b",
                "猫",
                "חתול",
                "ﻗﻄﺔ",
                "٣",
                "हिन्दी",
                "หมู",
                "a..b",
                "...a",
                "\u182d\u180b",
                "\u182d\u180d\u180f",
                "\u845b\udb40\udd00",
                "\ud842\udfb7\udb40\uddef"
            })
    void validLabels(String label) throws SampleRefusedException {
        assertThat(names.label(label, "x")).isEqualTo(label);
    }

    @ParameterizedTest(name = "{0} becomes {1}")
    @DisplayName("is derived from a dataset's class name with minimal changes")
    @CsvSource({
        "T-shirt/top, T-shirt-top",
        "猫, 猫",
        "' a b ', a b",
        "a//b\\c, a-b-c",
        ".., class-..",
        "cat\ufe0f, cat-",
        "\u845b\udb40\udd00, \u845b\udb40\udd00",
        "\u180b, class-\u180b",
        "__other__, class-__other__, '', class-"
    })
    void adapted(String name, String label) throws SampleRefusedException {
        assertThat(NameRules.adapted(name)).isEqualTo(label);
        assertThat(names.label(NameRules.adapted(name), "x")).isEqualTo(label);
    }

    static Stream<String> impossibleLabels() {
        return Stream.of(
                "",
                " ",
                "a ",
                " a",
                ".",
                "..",
                "../x",
                "a/b",
                "a\\b",
                "a,b",
                "a\n",
                "a\u0000",
                "\u202eabc",
                "a%2f",
                "__other__",
                "\ud83d",
                "😀",
                "a".repeat(129),
                "a".repeat(1 << 20),
                "<b>",
                "a\"b",
                "a\u200bb",
                "\u3164",
                "\uffa0",
                "cat\ufe0f",
                "a\u034fb",
                "\u115f\u1160",
                "\u1780\u17b4",
                "\u180b",
                "\udb40\udd00");
    }

    @ParameterizedTest
    @DisplayName("has no other characters, at most 128 characters, and not only dots")
    @MethodSource("impossibleLabels")
    void invalidLabels(String label) {
        assertThatThrownBy(() -> names.label(label, "x"))
                .isInstanceOfSatisfying(SampleRefusedException.class, e -> assertThat(e.reason())
                        .isEqualTo(SampleRefusedException.Reason.LABEL_INVALID))
                .extracting(Throwable::getMessage)
                .asString()
                .hasSizeLessThan(300)
                .doesNotContainPattern("[\\p{Cntrl}\\p{Cf}]");
    }

    @Test
    @DisplayName("of more than 128 characters is refused with its beginning and the limit")
    void tooLong() {
        assertThatThrownBy(() -> names.label("Sandal " + "x".repeat(122), "the label of image 3"))
                .isInstanceOf(SampleRefusedException.class)
                .hasMessage("the label of image 3 is 'Sandal " + "x".repeat(33)
                        + "…', which has more than 128 characters: shorten it");
    }

    @Test
    @DisplayName("with an invisible letter or mark is refused, and shown with the code of that character")
    void invisible() {
        assertThatThrownBy(() -> names.label("cat\ufe0f", "the label"))
                .hasMessageStartingWith("the label is 'cat\\ufe0f', which is not a valid label")
                .hasMessageContaining("but no invisible characters");
    }

    @Test
    @DisplayName("is the same for composed and decomposed accents")
    void isNormalised() throws SampleRefusedException {
        assertThat(names.label("e\u0301te", "x")).isEqualTo("\u00e9te");
    }

    @Test
    @DisplayName("may have 128 characters beyond the Basic Multilingual Plane")
    void countsCodePoints() throws SampleRefusedException {
        assertThat(names.label("𝐀".repeat(128), "x")).hasSize(256);
    }
}
