package dev.reverie.streams.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.registry.Labels;
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
    @DisplayName("is any text that can be read, with the joiners and selectors that its script or emoji needs")
    @ValueSource(
            strings = {
                "-3",
                "猫",
                "חתול",
                "ﻗﻄﺔ",
                "٣",
                "हिन्दी",
                "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
                "\u0d05\u0d35\u0d28\u0d4d\u200d",
                ".",
                "..",
                "__other__",
                "tench, Tinca tinca",
                "T-shirt/top",
                "a\\b",
                "50%",
                "a%2f",
                "dog's",
                "<b>\"R&B\"</b>",
                "=cmd()",
                "a  b",
                "😀",
                "\u2764\ufe0f\u200d\ud83d\udd25",
                "\ud83d\udc69\ud83c\udffd\u200d\ud83d\ude80",
                "1\ufe0f\u20e3",
                "\ud83c\udff4\udb40\udc67\udb40\udc62\udb40\udc65\udb40\udc6e\udb40\udc67\udb40\udc7f",
                "\u182d\u180b",
                "\u182d\u180d\u180f",
                "\u845b\udb40\udd00",
                "\ud842\udfb7\udb40\uddef",
                "\ue000",
                "\ud83f\udf00"
            })
    void validLabels(String label) throws SampleRefusedException {
        assertThat(names.label(label, "x")).isEqualTo(label);
    }

    @ParameterizedTest(name = "{0} becomes {1}")
    @DisplayName("is trimmed, and has composed accents and ordinary spaces")
    @CsvSource({
        "' a b ', a b",
        "'cat\r\n', cat",
        "\u3000猫\u00a0, 猫",
        "Ankle\u00a0boot, Ankle boot",
        "e\u0301te, \u00e9te",
        "' ..', .."
    })
    void normalised(String text, String label) throws SampleRefusedException {
        assertThat(names.label(text, "x")).isEqualTo(label);
    }

    static Stream<String> impossibleLabels() {
        return Stream.of(
                "",
                " \u00a0\u3000\n",
                "a\nb",
                "a\u0000",
                "a\u0085b",
                "a\u2028b",
                "\u202eabc",
                "a\u200eb",
                "\ud83d",
                "a\udc00",
                "a\ufffd",
                "a\uffff",
                "a".repeat(257),
                "a".repeat(1 << 20),
                "a\u200bb",
                "a\u00adb",
                "\ufeffcat",
                "\u2800",
                "\u3164",
                "\uffa0",
                "cat\ufe0f",
                "1\ufe0f",
                "a\u200db",
                "1\u200d2",
                "😀\u200d",
                "\u0646\u200c\u200c\u062e",
                "a\u034fb",
                "\u115f\u1160",
                "\u1780\u17b4",
                "\u180b\u180b",
                "\udb40\udd00",
                "\udb40\udc67");
    }

    @ParameterizedTest
    @DisplayName("has no characters that nobody sees, something that people do see, and at most 256 characters")
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
    @DisplayName("of more than 256 characters is refused with its beginning and the limit")
    void tooLong() {
        assertThatThrownBy(() -> names.label("Sandal " + "x".repeat(250), "the label of image 3"))
                .isInstanceOf(SampleRefusedException.class)
                .hasMessage("the label of image 3 is 'Sandal " + "x".repeat(33)
                        + "…', which has more than 256 characters: shorten it");
    }

    @Test
    @DisplayName("with an invisible letter or mark is refused, and shown with the code of that character")
    void invisible() {
        assertThatThrownBy(() -> names.label("cat\ufe0f", "the label"))
                .hasMessageStartingWith("the label is 'cat\\ufe0f', which is not a valid label")
                .hasMessageContaining("no control characters or other invisible ones");
    }

    @Test
    @DisplayName("may have 256 characters beyond the Basic Multilingual Plane")
    void countsCodePoints() throws SampleRefusedException {
        assertThat(names.label("𝐀".repeat(256), "x")).hasSize(512);
    }

    @Test
    @DisplayName("with a comma is in double quotes in a list, and other quotes stay")
    void lists() {
        assertThat(Labels.list("cat, \"tench, Tinca tinca\" ,dog's,6\" pipe,\"\"\"a\"\", b\""))
                .containsExactly("cat", "tench, Tinca tinca", "dog's", "6\" pipe", "\"a\", b");
        assertThat(Labels.list("\"")).containsExactly("\"");
        assertThat(Labels.list("a,")).containsExactly("a", "");
    }
}
