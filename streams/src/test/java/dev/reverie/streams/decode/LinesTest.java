package dev.reverie.streams.decode;

import static dev.reverie.streams.decode.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.Sample;
import dev.reverie.streams.decode.SampleRefusedException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("JSON Lines")
class LinesTest {

    private static final byte[] PNG = Pictures.greyPng(2, 2);

    private final DeliveryDecoder decoder =
            new DeliveryDecoder(IngestLimits.defaults(), Optional.empty(), DeliveryDecoder.Terms.HTTP);

    @Test
    @DisplayName("become one sample each, without blank lines")
    void becomeSamples() throws SampleRefusedException {
        String image = Base64.getEncoder().encodeToString(PNG);
        String text = "\n{\"label\":\"cat\",\"image\":\"%s\",\"id\":\"1\"}\r\n\n".formatted(image)
                + Pictures.line("T\\u00fccher", Pictures.jpeg(2, 2));

        List<Sample> samples = decoder.lines(bytes(text));

        assertThat(samples).extracting(Sample::label).containsExactly("cat", "Tücher");
        assertThat(samples).extracting(Sample::id).containsExactly(Optional.of("1"), Optional.empty());
    }

    @ParameterizedTest(name = "{1}")
    @DisplayName("are refused with the line number if a line is not the expected object")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        {"label": "a", "label": "b", "image": ""};  line 2 of the body is not valid JSON (Duplicate field 'label')
        {"label": "a", "image": "", "extra": 1};    line 2 of the body has the unknown field 'extra'
        {"label": "a", "image": ["x"]};             line 2 of the body has a field 'image' that is not a string
        {"label": 3, "image": ""};                  line 2 of the body has a field 'label' that is not a string
        {"label": null, "image": ""};               line 2 of the body has a field 'label' that is not a string
        {"label": {"a": {"a": 1}}};                 line 2 of the body has a field 'label' that is not a string
        {"label": "a"};                             line 2 of the body has no field 'image'
        {"image": ""};                              line 2 of the body has no field 'label'
        {"label": "a", "image": "no base64!"};      line 2 of the body has an image that is not valid base64
        {"label": "a", "image": "AAAA"} {};         line 2 of the body has more text after its object
        {"label": "a", "image": "AAAA";             line 2 of the body is not valid JSON (Unexpected end-of-input
        {"label": "a\u0001;                         line 2 of the body is not valid JSON
        ["a"];                                      line 2 of the body is not a JSON object
        NaN;                                        line 2 of the body is not valid JSON
        """)
    void otherObjects(String line, String message) {
        byte[] text = bytes(Pictures.line("a", PNG) + line);

        assertRefused(Reason.JSON_INVALID, message, () -> decoder.lines(text));
        assertRefused(Reason.JSON_INVALID, "base64 of a picture", () -> decoder.lines(text));
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName(
            "given text that the parser refuses, are refused with its reason, but not with the names of its settings")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        {"label": "a";               (Unexpected end-of-input: expected close marker for Object): write
        NaN;                         (Non-standard token 'NaN'): write
        {"label": 1%s};              (Number value length (1001) exceeds the maximum allowed (64)): write
        """)
    void refusedByParser(String line, String message) {
        byte[] text = bytes(line.formatted("0".repeat(1000)));

        assertRefused(Reason.JSON_INVALID, message, () -> decoder.lines(text));
    }

    @Test
    @DisplayName("are refused with the line number if a picture or label is invalid")
    void otherContent() {
        assertRefused(
                Reason.IMAGE_INVALID,
                "the image in line 2 of the body is a truncated PNG",
                () -> decoder.lines(bytes(Pictures.line("a", PNG) + Pictures.line("a", Arrays.copyOf(PNG, 50)))));
        assertRefused(
                Reason.IMAGE_INVALID,
                "the image in line 1 of the body is no picture in a known format",
                () -> decoder.lines(bytes(Pictures.line("a", new byte[0]))));
        assertRefused(
                Reason.LABEL_INVALID,
                "the label of line 1 of the body is '\\ud83d', which is not a valid label",
                () -> decoder.lines(bytes(Pictures.line("\\ud83d", PNG))));
    }

    @Test
    @DisplayName("are refused if they are not UTF-8")
    void otherEncodings() {
        byte[] text = Pictures.line("aaaa", PNG).getBytes(StandardCharsets.ISO_8859_1);
        text[12] = (byte) 0xff;

        assertRefused(Reason.JSON_INVALID, "line 1 of the body is not valid", () -> decoder.lines(text));
        assertRefused(
                Reason.JSON_INVALID,
                "line 1 of the body has a zero byte",
                () -> decoder.lines(Pictures.line("a", PNG).getBytes(StandardCharsets.UTF_16LE)));
        assertRefused(
                Reason.JSON_INVALID,
                "line 1 of the body has a zero byte",
                () -> decoder.lines(bytes("\0" + Pictures.line("a", PNG))));
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("are refused if a character has more bytes than necessary, is a surrogate, or is beyond Unicode")
    @ValueSource(strings = {"c1a1", "e081a1", "eda080", "eda080edb080", "f4908080", "f08081a1", "c3"})
    void invalidUtf8(String bytes) {
        byte[] label = HexFormat.of().parseHex(bytes);
        String line = Pictures.line("a" + "#".repeat(label.length) + "b", PNG);
        byte[] text = bytes(line);
        System.arraycopy(label, 0, text, line.indexOf('#'), label.length);

        assertRefused(Reason.JSON_INVALID, "line 1 of the body is not valid UTF-8", () -> decoder.lines(text));
    }

    @Test
    @DisplayName(
            "are refused if they are too long, too many or blank, and without a stack overflow however deeply they are nested")
    void tooMuch() {
        assertRefused(Reason.BODY_EMPTY, "the body has only blank lines", () -> decoder.lines(bytes("\n \r\n\t\n")));
        assertRefused(
                Reason.TOO_LARGE,
                "line 1 of the body is longer than 4194304 bytes",
                () -> decoder.lines(bytes(Pictures.line("a", new byte[4 << 20]))));
        assertRefused(
                Reason.TOO_LARGE,
                "the body has more than 4096 images",
                () -> decoder.lines(bytes(Pictures.line("a", PNG).repeat(4097))));
        assertRefused(Reason.JSON_INVALID, "is not a JSON object", () -> decoder.lines(bytes("[".repeat(100_000))));
        assertRefused(
                Reason.JSON_INVALID,
                "has a field 'label' that is not a string",
                () -> decoder.lines(bytes("{\"label\":".repeat(100_000))));
    }

    @Test
    @DisplayName("are refused if their pictures would grow too much when decoded")
    void decompressionBombs() {
        String line = Pictures.line("a", Pictures.blackPng(2000, 2000));

        assertRefused(
                Reason.TOO_LARGE,
                "the body decodes to more than 200 times its size, or to more than 67108864 bytes",
                () -> decoder.lines(bytes(line.repeat(20))));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
