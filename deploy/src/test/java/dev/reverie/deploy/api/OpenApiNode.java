package dev.reverie.deploy.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A node of openapi.yaml and its position in the document. Follows {@code $ref}.
 *
 * @param root the whole document
 * @param pointer JSON Pointer (RFC 6901) to the node
 */
record OpenApiNode(JsonNode root, String pointer) {

    private static final String RESOURCE = "/dev/reverie/streams/http/openapi.yaml";

    /** Reads the whole document from the class path. */
    static OpenApiNode document() {
        try (InputStream yaml = OpenApiNode.class.getResourceAsStream(RESOURCE)) {
            return new OpenApiNode(new YAMLMapper().readTree(Objects.requireNonNull(yaml, RESOURCE)), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode node() {
        return root.at(pointer);
    }

    boolean has(String field) {
        return node().has(field);
    }

    /** Returns the child with a name; a missing node if there is none. */
    OpenApiNode get(String field) {
        OpenApiNode child = below(field);
        JsonNode reference = child.node().path("$ref");
        return reference.isMissingNode()
                ? child
                : new OpenApiNode(root, reference.asText().substring(1));
    }

    private OpenApiNode below(String field) {
        return new OpenApiNode(root, pointer + "/" + field.replace("~", "~0").replace("/", "~1"));
    }

    Optional<OpenApiNode> find(String field) {
        return has(field) ? Optional.of(get(field)) : Optional.empty();
    }

    /** Returns the text of a field; an empty string if there is none. */
    String text(String field) {
        return node().path(field).asText().strip();
    }

    /** Returns the children by name, in the order of the document. */
    Stream<Map.Entry<String, OpenApiNode>> fields() {
        return node().properties().stream().map(Map.Entry::getKey).map(name -> Map.entry(name, get(name)));
    }

    /** Returns the elements of a list. */
    List<OpenApiNode> items() {
        return IntStream.range(0, node().size())
                .mapToObj(i -> get(Integer.toString(i)))
                .toList();
    }

    /** Returns the examples by name, in the order of the document. */
    Map<String, OpenApiNode> examples() {
        Map<String, OpenApiNode> examples = new LinkedHashMap<>();
        get("examples").fields().forEach(entry -> examples.put(entry.getKey(), entry.getValue()));
        return examples;
    }

    /** Returns this node and all its descendants, without following references. */
    Stream<OpenApiNode> all() {
        Stream<String> names = node().isArray()
                ? IntStream.range(0, node().size()).mapToObj(Integer::toString)
                : node().properties().stream().map(Map.Entry::getKey);
        return Stream.concat(Stream.of(this), names.map(this::below).flatMap(OpenApiNode::all));
    }
}
