package dev.reverie.deploy.api;

import static dev.reverie.deploy.api.MarkdownText.code;
import static dev.reverie.deploy.api.MarkdownText.oneLine;

import dev.reverie.deploy.api.ExampleCall.ExpectedResponse;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Renders openapi.yaml as the Markdown page {@code docs/reference/api.md}. */
final class ApiPage {

    private static final String PROBLEM = "application/problem+json";
    private static final String HOW = "mvn -pl deploy -am test -Dtest=ApiPageTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dreverie.api.write=true";

    private final OpenApiNode document;
    private final List<ApiOperation> operations;

    ApiPage(OpenApiNode document) {
        this.document = document;
        this.operations = ApiOperation.of(document);
    }

    String text() {
        return MarkdownText.join(Stream.of(
                MarkdownText.heading(1, "HTTP API"),
                MarkdownText.prose(
                        "This page is generated from [openapi.yaml](../../streams/src/main/resources/dev/reverie/streams/"
                                + "http/openapi.yaml), which every service serves at `/openapi.yaml`. To regenerate it:"),
                MarkdownText.block("sh", HOW),
                MarkdownText.prose(document.get("info").text("description").replace("### ", "## ")),
                MarkdownText.heading(2, "Calls"),
                overview(),
                MarkdownText.join(document.get("tags").items().stream().map(this::group)),
                MarkdownText.heading(2, "Problem types"),
                problems(),
                MarkdownText.heading(2, "Schemas"),
                MarkdownText.join(document.get("components")
                        .get("schemas")
                        .fields()
                        .map(Map.Entry::getValue)
                        .filter(SchemaText::hasFields)
                        .map(ApiPage::value))));
    }

    private String overview() {
        return MarkdownText.table(
                List.of("call", "what it does", "role"),
                operations.stream()
                        .map(operation -> List.of(
                                MarkdownText.link(code(operation.title()), operation.title()),
                                operation.node().text("summary"),
                                operation.role().map(MarkdownText::code).orElse("")))
                        .toList());
    }

    private String group(OpenApiNode tag) {
        String name = tag.text("name");
        return MarkdownText.join(Stream.concat(
                Stream.of(MarkdownText.heading(2, tag.text("description").replaceFirst("\\.$", ""))),
                operations.stream()
                        .filter(operation -> operation
                                .node()
                                .get("tags")
                                .node()
                                .path(0)
                                .asText()
                                .equals(name))
                        .map(ApiPage::section)));
    }

    private static String section(ApiOperation operation) {
        String role = operation
                .role()
                .map(needed -> " Requires the role " + code(needed) + ".")
                .orElse(" Requires no token.");
        return MarkdownText.join(Stream.of(
                MarkdownText.heading(3, code(operation.title())),
                operation.node().text("summary") + "." + role + "\n",
                MarkdownText.prose(operation.node().text("description")),
                parameters(operation),
                body(operation),
                answers(operation),
                MarkdownText.join(operation.calls().stream()
                        .filter(call -> call.response()
                                .filter(ExpectedResponse::isProblem)
                                .isEmpty())
                        .map(ApiPage::example)),
                refusals(operation)));
    }

    private static String parameters(ApiOperation operation) {
        return MarkdownText.table(
                List.of("parameter", "in", "value", "meaning"),
                operation.parameters().stream()
                        .map(parameter -> List.of(
                                code(parameter.text("name")),
                                parameter.text("in"),
                                SchemaText.type(parameter.get("schema")),
                                parameter.text("description")))
                        .toList());
    }

    private static String body(ApiOperation operation) {
        OpenApiNode body = operation.node().get("requestBody");
        return MarkdownText.table(
                        List.of("body", "content"),
                        operation.bodies().entrySet().stream()
                                .map(entry -> List.of(
                                        code(entry.getKey()),
                                        entry.getValue().get("schema").text("description") + item(entry.getValue())))
                                .toList())
                + (body.has("description") ? "\n" + MarkdownText.prose(body.text("description")) : "");
    }

    private static String item(OpenApiNode content) {
        return content.find("x-itemSchema")
                .map(schema -> " See " + SchemaText.type(schema) + ".")
                .orElse("");
    }

    /** Renders the responses: those of this operation as a table, shared ones in one line. */
    private static String answers(ApiOperation operation) {
        String own = MarkdownText.table(
                List.of("status", "body", "meaning"),
                operation.responses().entrySet().stream()
                        .filter(response -> !isCommonResponse(response.getValue()))
                        .map(response -> List.of(
                                response.getKey(),
                                bodies(response.getValue()),
                                response.getValue().text("description") + headers(response.getValue())))
                        .toList());
        String shared = operation.responses().entrySet().stream()
                .filter(response -> isCommonResponse(response.getValue())
                        && !response.getKey().equals("default"))
                .map(response -> response.getKey() + " " + bodies(response.getValue()))
                .collect(Collectors.joining("; "));
        return own + (shared.isEmpty() ? "" : "\nOther responses: " + shared + ".\n");
    }

    private static boolean isCommonResponse(OpenApiNode response) {
        return response.pointer().startsWith("/components/");
    }

    private static String bodies(OpenApiNode response) {
        return ApiOperation.byName(response.get("content")).entrySet().stream()
                .map(content -> content(content.getKey(), content.getValue()))
                .collect(Collectors.joining("<br>"));
    }

    private static String content(String mediaType, OpenApiNode content) {
        OpenApiNode schema = content.get("schema");
        if (mediaType.equals(PROBLEM)) {
            return content.examples().values().stream()
                            .map(example -> slug(example))
                            .distinct()
                            .map(MarkdownText::code)
                            .collect(Collectors.joining(", "))
                    + (SchemaText.name(schema).equals(Optional.of("Problem")) ? "" : ": " + SchemaText.type(schema));
        }
        return code(mediaType)
                + (SchemaText.hasFields(schema) || schema.text("type").equals("array")
                        ? ": " + SchemaText.type(schema)
                        : schema.has("description") ? ": " + oneLine(schema.text("description")) + item(content) : "");
    }

    private static String headers(OpenApiNode response) {
        return response.get("headers")
                .fields()
                .map(header -> " Header " + code(header.getKey()) + ": "
                        + header.getValue().text("description"))
                .collect(Collectors.joining());
    }

    private static String example(ExampleCall call) {
        String summary = call.summary();
        return MarkdownText.join(Stream.of(
                summary.isEmpty() ? "" : summary + ":\n",
                MarkdownText.block("http", HttpText.request(call)),
                MarkdownText.block("http", HttpText.response(call))));
    }

    private static String refusals(ApiOperation operation) {
        return MarkdownText.table(
                List.of("example of a refused request", "problem", "status", "detail"),
                operation.calls().stream()
                        .flatMap(call -> call.response().stream()
                                .filter(ExpectedResponse::isProblem)
                                .map(response -> refusal(call, response)))
                        .toList());
    }

    private static List<String> refusal(ExampleCall call, ExpectedResponse response) {
        OpenApiNode example = response.example().example();
        return List.of(
                Stream.concat(Stream.of(HttpText.requestLine(call)), HttpText.headers(call))
                        .map(MarkdownText::code)
                        .collect(Collectors.joining(" ", call.summary() + ", ", "")),
                code(slug(example)),
                response.status(),
                detail(example));
    }

    /** Renders one example per problem type, ordered by status. */
    private String problems() {
        Map<String, OpenApiNode> examples = new TreeMap<>();
        document.all()
                .flatMap(node -> node.get("content").find(PROBLEM).stream())
                .flatMap(content -> content.examples().values().stream())
                .forEach(example -> examples.putIfAbsent(slug(example), example));
        return MarkdownText.table(
                List.of("type", "status", "meaning", "example of a detail"),
                examples.entrySet().stream()
                        .sorted(Comparator.comparing(entry -> status(entry.getValue())))
                        .map(entry -> List.of(
                                code("/problems/" + entry.getKey()),
                                status(entry.getValue()),
                                entry.getValue().get("value").text("title"),
                                detail(entry.getValue())))
                        .toList());
    }

    private static String slug(OpenApiNode example) {
        return example.get("value").text("type").replaceFirst(".*/", "");
    }

    private static String status(OpenApiNode example) {
        return example.get("value").text("status");
    }

    private static String detail(OpenApiNode example) {
        return example.get("value").text("detail");
    }

    private static String value(OpenApiNode schema) {
        return MarkdownText.join(Stream.of(
                MarkdownText.heading(3, SchemaText.name(schema).orElseThrow()),
                MarkdownText.prose(schema.text("description")),
                MarkdownText.table(
                        List.of("field", "value", "meaning"),
                        SchemaText.fields(schema).entrySet().stream()
                                .map(field -> List.of(
                                        code(field.getKey()),
                                        SchemaText.type(field.getValue()),
                                        field.getValue().text("description")))
                                .toList())));
    }
}
