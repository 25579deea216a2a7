package dev.reverie.deploy.api;

import static dev.reverie.deploy.api.MarkdownText.code;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Describes schemas in words for the reference page. */
final class SchemaText {

    private static final String SCHEMAS = "/components/schemas/";

    /** Maximum number of values that are listed one by one. */
    private static final int FEW = 8;

    private SchemaText() {}

    /** Returns whether the schema has fields and therefore a separate table. */
    static boolean hasFields(OpenApiNode schema) {
        return !fields(schema).isEmpty();
    }

    /** Returns the fields of an object, including those of its {@code allOf} parts. */
    static Map<String, OpenApiNode> fields(OpenApiNode schema) {
        Map<String, OpenApiNode> fields = new LinkedHashMap<>();
        schema.get("allOf").items().forEach(part -> fields.putAll(fields(part)));
        fields.putAll(ApiOperation.byName(schema.get("properties")));
        return fields;
    }

    /** Returns the name of a shared schema; empty for an inline one. */
    static Optional<String> name(OpenApiNode schema) {
        return schema.pointer().matches(SCHEMAS + "\\w+")
                ? Optional.of(schema.pointer().substring(SCHEMAS.length()))
                : Optional.empty();
    }

    /** Describes the values of a schema in a few words or with a link to its table. */
    static String type(OpenApiNode schema) {
        Optional<String> name = name(schema).filter(each -> hasFields(schema));
        if (name.isPresent()) {
            return MarkdownText.link(name.get(), name.get());
        }
        if (schema.has("const")) {
            return code(schema.text("const"));
        }
        if (schema.has("enum")) {
            return oneOf(schema.node().path("enum")) + byDefault(schema);
        }
        if (schema.has("oneOf")) {
            return schema.get("oneOf").items().stream().map(SchemaText::type).collect(Collectors.joining(" or "));
        }
        if (schema.node().path("type").isArray()) {
            return StreamSupport.stream(schema.node().path("type").spliterator(), false)
                    .map(JsonNode::asText)
                    .collect(Collectors.joining(" or "));
        }
        return schema.text("type").equals("array") ? "list of " + type(schema.get("items")) : plain(schema);
    }

    private static String oneOf(JsonNode values) {
        if (values.size() > FEW) {
            return "one of " + values.size() + " strings";
        }
        return StreamSupport.stream(values.spliterator(), false)
                .map(value -> code(value.asText()))
                .collect(Collectors.joining(", "));
    }

    private static String plain(OpenApiNode schema) {
        List<String> words = new ArrayList<>();
        words.add(
                switch (schema.text("format")) {
                    case "date-time" -> "time (RFC 3339)";
                    case "int64" -> "64-bit integer";
                    default -> schema.text("type");
                });
        if (schema.text("contentEncoding").equals("base64")) {
            words.add("in base64");
        }
        range(schema, "minLength", "maxLength").ifPresent(range -> words.add("of " + range + " characters"));
        range(schema, "minimum", "maximum").ifPresent(range -> words.add("(" + range + ")"));
        return String.join(" ", words) + byDefault(schema);
    }

    private static String byDefault(OpenApiNode schema) {
        return schema.has("default") ? "; default " + code(schema.text("default")) : "";
    }

    private static Optional<String> range(OpenApiNode schema, String least, String most) {
        if (!schema.has(least)) {
            return Optional.empty();
        }
        return Optional.of(
                schema.has(most) ? schema.text(least) + " to " + schema.text(most) : "at least " + schema.text(least));
    }
}
