package dev.reverie.deploy.api;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Something that can be asked for: a method of an address.
 *
 * @param method in capitals
 * @param path with the names of parameters in braces
 * @param part that describes it
 * @param parameters that it has, also by its address
 */
record ApiOperation(String method, String path, OpenApiNode part, List<OpenApiNode> parameters) {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    /** All that a document describes, in its order. */
    static List<ApiOperation> of(OpenApiNode document) {
        return document.get("paths")
                .fields()
                .flatMap(path -> path.getValue()
                        .fields()
                        .filter(method -> METHODS.contains(method.getKey()))
                        .map(method -> of(path.getKey(), path.getValue(), method.getKey(), method.getValue())))
                .toList();
    }

    private static ApiOperation of(String path, OpenApiNode address, String method, OpenApiNode part) {
        return new ApiOperation(
                method.toUpperCase(Locale.ROOT),
                path,
                part,
                Stream.concat(address.get("parameters").items().stream(), part.get("parameters").items().stream())
                        .toList());
    }

    String title() {
        return method + " " + path;
    }

    String id() {
        return part.text("operationId");
    }

    /** That a token needs; empty where none is asked for. */
    Optional<String> role() {
        return part.get("security").items().stream()
                .map(requirement -> requirement.get("token").node().path(0).asText())
                .findFirst();
    }

    /** By media type. */
    Map<String, OpenApiNode> bodies() {
        return byName(part.get("requestBody").get("content"));
    }

    /** By status, or {@code default}. */
    Map<String, OpenApiNode> responses() {
        return byName(part.get("responses"));
    }

    /** Those that are no problem. */
    Map<String, OpenApiNode> successes() {
        Map<String, OpenApiNode> successes = responses();
        successes.keySet().removeIf(status -> !status.matches("[23].."));
        return successes;
    }

    /** Status of an answer that is neither a problem nor has a body; empty if there is none. */
    Optional<String> withoutBody() {
        return successes().entrySet().stream()
                .filter(success -> !success.getValue().has("content"))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    static Map<String, OpenApiNode> byName(OpenApiNode parts) {
        Map<String, OpenApiNode> byName = new LinkedHashMap<>();
        parts.fields().forEach(entry -> byName.put(entry.getKey(), entry.getValue()));
        return byName;
    }

    /**
     * What it is called with for example: parameters, a body and an answer whose examples have one name belong
     * together.
     */
    List<ExampleCall> calls() {
        Set<String> names = new LinkedHashSet<>();
        parameters.forEach(parameter -> names.addAll(parameter.examples().keySet()));
        bodies().values().forEach(body -> names.addAll(body.examples().keySet()));
        successes().values().stream()
                .flatMap(success -> byName(success.get("content")).values().stream())
                .forEach(content -> names.addAll(content.examples().keySet()));
        return names.stream().map(name -> new ExampleCall(this, name)).toList();
    }
}
