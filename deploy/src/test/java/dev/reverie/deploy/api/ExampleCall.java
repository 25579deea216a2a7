package dev.reverie.deploy.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An example request of an operation and the response to it: the examples of parameters, body and response that have
 * the same name.
 *
 * @param name of the examples
 */
record ExampleCall(ApiOperation operation, String name) {

    /**
     * The value of a parameter in the request.
     *
     * @param in {@code path}, {@code query} or {@code header}
     */
    record ParameterValue(String name, String in, String value) {}

    /**
     * An example of a body.
     *
     * @param content the description of the body
     * @param example the node of the example
     */
    record Example(String mediaType, OpenApiNode content, OpenApiNode example) {

        /** Returns the name of the file with the body, if it is binary or too large for the document. */
        Optional<String> file() {
            return example.has("externalValue") ? Optional.of(example.text("externalValue")) : Optional.empty();
        }

        /** Returns the body as it is sent. */
        String text() {
            return example.node().path("value").isTextual()
                    ? example.node().path("value").asText()
                    : example.node().path("value").toString();
        }
    }

    /** The response that the document gives as an example. */
    record ExpectedResponse(String status, Example example) {

        boolean isProblem() {
            return example.mediaType().equals("application/problem+json");
        }
    }

    String title() {
        return operation.title() + ": " + name;
    }

    /** Returns the first summary among the examples; empty if there is none. */
    String summary() {
        Stream<OpenApiNode> pieces = Stream.concat(
                operation.parameters().stream().flatMap(each -> example(each).stream()),
                body().stream().map(Example::example));
        return Stream.concat(pieces, response().stream().map(response -> response.example()
                        .example()))
                .map(piece -> piece.text("summary"))
                .filter(summary -> !summary.isEmpty())
                .findFirst()
                .orElse("");
    }

    List<ParameterValue> parameters() {
        return operation.parameters().stream()
                .flatMap(parameter -> example(parameter).stream()
                        .map(example -> new ParameterValue(
                                parameter.text("name"),
                                parameter.text("in"),
                                example.node().path("value").asText())))
                .toList();
    }

    Optional<Example> body() {
        return examples(operation.bodies()).findFirst();
    }

    /** Returns the example response; empty if the response has no body. */
    Optional<ExpectedResponse> response() {
        return operation.responses().entrySet().stream()
                .flatMap(response -> examples(
                                ApiOperation.byName(response.getValue().get("content")))
                        .map(example -> new ExpectedResponse(response.getKey(), example)))
                .findFirst();
    }

    private Stream<Example> examples(Map<String, OpenApiNode> contents) {
        return contents.entrySet().stream().flatMap(content -> example(content.getValue()).stream()
                .map(example -> new Example(content.getKey(), content.getValue(), example)));
    }

    private Optional<OpenApiNode> example(OpenApiNode parent) {
        return parent.get("examples").find(name);
    }

    /** Returns path and query of the request. */
    String address(List<ParameterValue> parameters) {
        String path = operation.path();
        for (ParameterValue each : parameters) {
            if (each.in().equals("path")) {
                path = path.replace("{" + each.name() + "}", encoded(each.value()));
            }
        }
        String query = parameters.stream()
                .filter(each -> each.in().equals("query"))
                .map(each -> each.name() + (each.value().isEmpty() ? "" : "=" + encoded(each.value())))
                .collect(Collectors.joining("&"));
        return query.isEmpty() ? path : path + "?" + query;
    }

    static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
