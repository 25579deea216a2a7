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
 * An operation of the API: a method on a path.
 *
 * @param method in capitals
 * @param path with the names of parameters in braces
 * @param node that describes the operation
 * @param parameters of the operation and of its path
 */
record ApiOperation(String method, String path, OpenApiNode node, List<OpenApiNode> parameters) {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    /** Returns all operations of a document, in its order. */
    static List<ApiOperation> of(OpenApiNode document) {
        return document.get("paths")
                .fields()
                .flatMap(path -> path.getValue()
                        .fields()
                        .filter(method -> METHODS.contains(method.getKey()))
                        .map(method -> of(path.getKey(), path.getValue(), method.getKey(), method.getValue())))
                .toList();
    }

    private static ApiOperation of(String path, OpenApiNode address, String method, OpenApiNode node) {
        return new ApiOperation(
                method.toUpperCase(Locale.ROOT),
                path,
                node,
                Stream.concat(address.get("parameters").items().stream(), node.get("parameters").items().stream())
                        .toList());
    }

    String title() {
        return method + " " + path;
    }

    String id() {
        return node.text("operationId");
    }

    /** Returns the role that a token needs; empty if no token is needed. */
    Optional<String> role() {
        return node.get("security").items().stream()
                .map(requirement -> requirement.get("token").node().path(0).asText())
                .findFirst();
    }

    /** Returns the path with the first example of each parameter in it. */
    String examplePath() {
        String filled = path;
        for (OpenApiNode parameter : parameters) {
            if (parameter.text("in").equals("path")) {
                OpenApiNode example = parameter.examples().values().iterator().next();
                filled = filled.replace("{" + parameter.text("name") + "}", ExampleCall.encoded(example.text("value")));
            }
        }
        return filled;
    }

    List<String> queryParameters() {
        return parameters.stream()
                .filter(parameter -> parameter.text("in").equals("query"))
                .map(parameter -> parameter.text("name"))
                .toList();
    }

    /** Returns the request bodies by media type. */
    Map<String, OpenApiNode> bodies() {
        return byName(node.get("requestBody").get("content"));
    }

    /** Returns the responses by status or {@code default}. */
    Map<String, OpenApiNode> responses() {
        return byName(node.get("responses"));
    }

    /** Returns the responses with a status of 200 to 399. */
    Map<String, OpenApiNode> successes() {
        Map<String, OpenApiNode> successes = responses();
        successes.keySet().removeIf(status -> !status.matches("[23].."));
        return successes;
    }

    /** Returns the status of a successful response without body; empty if there is none. */
    Optional<String> withoutBody() {
        return successes().entrySet().stream()
                .filter(success -> !success.getValue().has("content"))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    static Map<String, OpenApiNode> byName(OpenApiNode parent) {
        Map<String, OpenApiNode> byName = new LinkedHashMap<>();
        parent.fields().forEach(entry -> byName.put(entry.getKey(), entry.getValue()));
        return byName;
    }

    /**
     * Returns the example calls of the operation. Examples of parameters, body and response that have the same name
     * belong to one call.
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
