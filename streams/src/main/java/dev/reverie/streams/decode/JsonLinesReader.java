package dev.reverie.streams.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.reverie.gpu.dataset.StrictUtf8;
import dev.reverie.streams.decode.SampleRefusedException.Reason;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads JSON Lines with one flat object per line. Skips blank lines. */
final class JsonLinesReader {

    private static final Set<String> FIELDS = Set.of("label", "image", "id");
    private static final int MAX_NAME_LENGTH = 64;
    private static final int MAX_NUMBER_LENGTH = 64;

    /** The parts of Jackson's messages that name its settings, which a client does not know and cannot change. */
    private static final Pattern ADVICE_TO_PROGRAMMERS =
            Pattern.compile(" \\(start marker at \\[Source: .*|: enable `\\w++.*|, from `[\\w.()]++`");

    private final byte[] content;
    private final IngestLimits limits;
    private final String subject;
    private final JsonFactory json;
    private int start;
    private int number = 1;

    JsonLinesReader(byte[] content, IngestLimits limits, String subject) {
        this.content = content;
        this.limits = limits;
        this.subject = subject;
        this.json = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(2) // one more than allowed, so that this reader reports the error
                        .maxStringLength(limits.lineBytes())
                        .maxNameLength(MAX_NAME_LENGTH)
                        .maxNumberLength(MAX_NUMBER_LENGTH)
                        .build())
                .build();
        skipBlankLines();
    }

    private static byte[] decoded(String image, String name) throws SampleRefusedException {
        try {
            return Base64.getDecoder().decode(image);
        } catch (IllegalArgumentException _) {
            throw invalid(name + " has an image that is not valid base64");
        }
    }

    /** Returns the number of lines that are not blank. */
    static int count(byte[] content) {
        int lines = 0;
        boolean blank = true;
        for (byte each : content) {
            if (each == '\n') {
                blank = true;
            } else if (blank && !isBlank(each)) {
                blank = false;
                lines++;
            }
        }
        return lines;
    }

    private static boolean isBlank(byte each) {
        return each == ' ' || each == '\t' || each == '\r' || each == '\n';
    }

    boolean hasNext() {
        return start < content.length;
    }

    DeliveryDecoder.EncodedSample next() throws SampleRefusedException {
        String name = "line " + number + " of " + subject;
        int end = endOfLine();
        if (end - start > limits.lineBytes()) {
            throw new SampleRefusedException(
                    Reason.TOO_LARGE,
                    name + " is longer than " + limits.lineBytes()
                            + " bytes: send a smaller image in each line, or end each line with a line feed");
        }
        Map<String, String> fields = fields(name, end);
        String label = required(fields, "label", name);
        byte[] image = decoded(required(fields, "image", name), name);
        start = end;
        skipBlankLines();
        return new DeliveryDecoder.EncodedSample(name, label, Optional.ofNullable(fields.get("id")), () -> image);
    }

    private void skipBlankLines() {
        while (start < content.length && isBlank(content[start])) {
            if (content[start] == '\n') {
                number++;
            }
            start++;
        }
    }

    private int endOfLine() {
        int end = start;
        while (end < content.length && content[end] != '\n') {
            end++;
        }
        return end;
    }

    private Map<String, String> fields(String name, int end) throws SampleRefusedException {
        Map<String, String> fields = new HashMap<>();
        requireText(name, end);
        try (JsonParser parser = json.createParser(content, start, end - start)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw invalid(name + " is not a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                if (!FIELDS.contains(field)) {
                    throw invalid(name + " has the unknown field " + SafeExcerpt.quoted(field));
                }
                if (parser.nextToken() != JsonToken.VALUE_STRING) {
                    throw invalid(name + " has a field '" + field + "' that is not a string");
                }
                fields.put(field, parser.getText());
            }
            if (parser.nextToken() != null) {
                throw invalid(name + " has more text after its object");
            }
            return fields;
        } catch (JsonProcessingException e) {
            throw invalid(name + " is not valid JSON ("
                    + ADVICE_TO_PROGRAMMERS.matcher(e.getOriginalMessage()).replaceAll("") + ")");
        } catch (IOException e) { // Jackson reports invalid bytes like this
            throw invalid(name + " is not valid UTF-8");
        }
    }

    /**
     * Checks that the line is UTF-8. Jackson would take a line with zero bytes for UTF-16 or UTF-32, and would accept
     * characters in more bytes than necessary.
     */
    private void requireText(String name, int end) throws SampleRefusedException {
        boolean ascii = true;
        for (int i = start; i < end; i++) {
            if (content[i] == 0) {
                throw invalid(name + " has a zero byte, so it is not JSON in UTF-8");
            }
            ascii &= content[i] > 0;
        }
        try {
            if (!ascii) {
                StrictUtf8.decode(Arrays.copyOfRange(content, start, end));
            }
        } catch (CharacterCodingException _) {
            throw invalid(name + " is not valid UTF-8");
        }
    }

    private static String required(Map<String, String> fields, String field, String name)
            throws SampleRefusedException {
        return Optional.ofNullable(fields.get(field))
                .orElseThrow(() -> invalid(name + " has no field '" + field + "'"));
    }

    private static SampleRefusedException invalid(String what) {
        return new SampleRefusedException(
                Reason.JSON_INVALID,
                what + ": write {\"label\": \"...\", \"image\": \"base64 of a picture\", \"id\": \"optional\"}");
    }
}
