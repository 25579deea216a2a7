package dev.reverie.deploy.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An example of an operation.
 *
 * @param name that its parts have
 */
record ExampleCall(ApiOperation operation, String name) {

    /**
     * A parameter that it is called with.
     *
     * @param in {@code path}, {@code query} or {@code header}
     */
    record Given(String name, String in, String value) {}

    /**
     * Something with a media type.
     *
     * @param content described
     * @param example of it
     */
    record Example(String mediaType, OpenApiNode content, OpenApiNode example) {

        /** Name of the file that has it, where it is too large or unfit to be written down. */
        Optional<String> file() {
            return example.has("externalValue") ? Optional.of(example.text("externalValue")) : Optional.empty();
        }

        /** As it goes over the wire. */
        String text() {
            return example.node().path("value").isTextual()
                    ? example.node().path("value").asText()
                    : example.node().path("value").toString();
        }
    }

    /** What comes back. */
    record Answer(String status, Example example) {

        boolean isProblem() {
            return example.mediaType().equals("application/problem+json");
        }
    }

    String title() {
        return operation.title() + ": " + name;
    }

    /** In a few words; empty if nobody says so. */
    String summary() {
        Stream<OpenApiNode> pieces = Stream.concat(
                operation.parameters().stream().flatMap(each -> example(each).stream()),
                body().stream().map(Example::example));
        return Stream.concat(
                        pieces, answer().stream().map(answer -> answer.example().example()))
                .map(piece -> piece.text("summary"))
                .filter(summary -> !summary.isEmpty())
                .findFirst()
                .orElse("");
    }

    List<Given> parameters() {
        return operation.parameters().stream()
                .flatMap(parameter -> example(parameter).stream()
                        .map(example -> new Given(
                                parameter.text("name"),
                                parameter.text("in"),
                                example.node().path("value").asText())))
                .toList();
    }

    Optional<Example> body() {
        return examples(operation.bodies()).findFirst();
    }

    /** The answer that it has an example of; empty if it is answered without a body. */
    Optional<Answer> answer() {
        return operation.responses().entrySet().stream()
                .flatMap(response -> examples(
                                ApiOperation.byName(response.getValue().get("content")))
                        .map(example -> new Answer(response.getKey(), example)))
                .findFirst();
    }

    private Stream<Example> examples(Map<String, OpenApiNode> contents) {
        return contents.entrySet().stream().flatMap(content -> example(content.getValue()).stream()
                .map(example -> new Example(content.getKey(), content.getValue(), example)));
    }

    private Optional<OpenApiNode> example(OpenApiNode part) {
        return part.get("examples").find(name);
    }

    /** Path and query. */
    String address(List<Given> parameters) {
        String path = operation.path();
        for (Given each : parameters) {
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

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
