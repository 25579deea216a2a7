package dev.reverie.deploy.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;

/** Parses response bodies into JSON values. */
final class BodyParser {

    private static final JsonMapper JSON = new JsonMapper();

    private BodyParser() {}

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    /** Returns the items of a body that is a sequence: server-sent events or lines of JSON. */
    static List<JsonNode> items(String mediaType, String text) {
        return mediaType.equals("text/event-stream")
                ? events(text)
                : text.lines().map(BodyParser::json).toList();
    }

    /** Parses server-sent events whose data is JSON. */
    private static List<JsonNode> events(String text) {
        return Stream.of(text.split("\n\n"))
                .filter(block -> block.contains("data:"))
                .map(BodyParser::event)
                .toList();
    }

    private static JsonNode event(String block) {
        ObjectNode event = JSON.createObjectNode();
        block.lines().forEach(line -> {
            assertThat(line).matches("(id|event|data): .+");
            String field = line.substring(0, line.indexOf(':'));
            String value = line.substring(field.length() + 2);
            event.set(field, field.equals("event") ? event.textNode(value) : json(value));
        });
        return event;
    }
}
