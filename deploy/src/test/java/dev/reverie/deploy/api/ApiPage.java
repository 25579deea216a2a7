package dev.reverie.deploy.api;

import static dev.reverie.deploy.api.Markdown.code;
import static dev.reverie.deploy.api.Markdown.oneLine;

import dev.reverie.deploy.api.Call.Answer;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The description of the API as a page to read. */
final class ApiPage {

    private static final String PROBLEM = "application/problem+json";
    private static final String HOW = "mvn -pl deploy -am test -Dtest=ApiPageTest"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dreverie.api.write=true";

    private final Part document;
    private final List<Operation> operations;

    ApiPage(Part document) {
        this.document = document;
        this.operations = Operation.of(document);
    }

    String text() {
        return Markdown.join(Stream.of(
                Markdown.heading(1, "HTTP API"),
                Markdown.prose(
                        "This page is generated from [openapi.yaml](../../streams/src/main/resources/dev/reverie/streams/"
                                + "http/openapi.yaml), which every service serves at `/openapi.yaml`. To regenerate it:"),
                Markdown.block("sh", HOW),
                Markdown.prose(document.get("info").text("description").replace("### ", "## ")),
                Markdown.heading(2, "Calls"),
                overview(),
                Markdown.join(document.get("tags").items().stream().map(this::group)),
                Markdown.heading(2, "Problem types"),
                problems(),
                Markdown.heading(2, "Schemas"),
                Markdown.join(document.get("components")
                        .get("schemas")
                        .fields()
                        .map(Map.Entry::getValue)
                        .filter(SchemaWords::hasFields)
                        .map(ApiPage::value))));
    }

    private String overview() {
        return Markdown.table(
                List.of("call", "what it does", "role"),
                operations.stream()
                        .map(operation -> List.of(
                                Markdown.link(code(operation.title()), operation.title()),
                                operation.part().text("summary"),
                                operation.role().map(Markdown::code).orElse("")))
                        .toList());
    }

    private String group(Part tag) {
        String name = tag.text("name");
        return Markdown.join(Stream.concat(
                Stream.of(Markdown.heading(2, tag.text("description").replaceFirst("\\.$", ""))),
                operations.stream()
                        .filter(operation -> operation
                                .part()
                                .get("tags")
                                .node()
                                .path(0)
                                .asText()
                                .equals(name))
                        .map(ApiPage::section)));
    }

    private static String section(Operation operation) {
        String role = operation
                .role()
                .map(needed -> " Requires the role " + code(needed) + ".")
                .orElse(" Requires no token.");
        return Markdown.join(Stream.of(
                Markdown.heading(3, code(operation.title())),
                operation.part().text("summary") + "." + role + "\n",
                Markdown.prose(operation.part().text("description")),
                parameters(operation),
                body(operation),
                answers(operation),
                Markdown.join(operation.calls().stream()
                        .filter(call -> call.answer().filter(Answer::isProblem).isEmpty())
                        .map(ApiPage::example)),
                refusals(operation)));
    }

    private static String parameters(Operation operation) {
        return Markdown.table(
                List.of("parameter", "in", "value", "meaning"),
                operation.parameters().stream()
                        .map(parameter -> List.of(
                                code(parameter.text("name")),
                                parameter.text("in"),
                                SchemaWords.type(parameter.get("schema")),
                                parameter.text("description")))
                        .toList());
    }

    private static String body(Operation operation) {
        Part body = operation.part().get("requestBody");
        return Markdown.table(
                        List.of("body", "content"),
                        operation.bodies().entrySet().stream()
                                .map(entry -> List.of(
                                        code(entry.getKey()),
                                        entry.getValue().get("schema").text("description") + item(entry.getValue())))
                                .toList())
                + (body.has("description") ? "\n" + Markdown.prose(body.text("description")) : "");
    }

    private static String item(Part content) {
        return content.find("x-itemSchema")
                .map(schema -> " See " + SchemaWords.type(schema) + ".")
                .orElse("");
    }

    /** Its own ones as a table, and those that it shares with others in a line. */
    private static String answers(Operation operation) {
        String own = Markdown.table(
                List.of("status", "body", "meaning"),
                operation.responses().entrySet().stream()
                        .filter(response -> !isShared(response.getValue()))
                        .map(response -> List.of(
                                response.getKey(),
                                bodies(response.getValue()),
                                response.getValue().text("description") + headers(response.getValue())))
                        .toList());
        String shared = operation.responses().entrySet().stream()
                .filter(response ->
                        isShared(response.getValue()) && !response.getKey().equals("default"))
                .map(response -> response.getKey() + " " + bodies(response.getValue()))
                .collect(Collectors.joining("; "));
        return own + (shared.isEmpty() ? "" : "\nOther responses: " + shared + ".\n");
    }

    private static boolean isShared(Part response) {
        return response.pointer().startsWith("/components/");
    }

    private static String bodies(Part response) {
        return Operation.byName(response.get("content")).entrySet().stream()
                .map(content -> content(content.getKey(), content.getValue()))
                .collect(Collectors.joining("<br>"));
    }

    private static String content(String mediaType, Part content) {
        Part schema = content.get("schema");
        if (mediaType.equals(PROBLEM)) {
            return content.examples().values().stream()
                            .map(example -> slug(example))
                            .distinct()
                            .map(Markdown::code)
                            .collect(Collectors.joining(", "))
                    + (SchemaWords.name(schema).equals(Optional.of("Problem")) ? "" : ": " + SchemaWords.type(schema));
        }
        return code(mediaType)
                + (SchemaWords.hasFields(schema) || schema.text("type").equals("array")
                        ? ": " + SchemaWords.type(schema)
                        : schema.has("description") ? ": " + oneLine(schema.text("description")) + item(content) : "");
    }

    private static String headers(Part response) {
        return response.get("headers")
                .fields()
                .map(header -> " Header " + code(header.getKey()) + ": "
                        + header.getValue().text("description"))
                .collect(Collectors.joining());
    }

    private static String example(Call call) {
        String summary = call.summary();
        return Markdown.join(Stream.of(
                summary.isEmpty() ? "" : summary + ":\n",
                Markdown.block("http", HttpText.request(call)),
                Markdown.block("http", HttpText.answer(call))));
    }

    private static String refusals(Operation operation) {
        return Markdown.table(
                List.of("example of a refused request", "problem", "status", "detail"),
                operation.calls().stream()
                        .flatMap(call ->
                                call.answer().stream().filter(Answer::isProblem).map(answer -> refusal(call, answer)))
                        .toList());
    }

    private static List<String> refusal(Call call, Answer answer) {
        Part example = answer.example().example();
        return List.of(
                Stream.concat(Stream.of(HttpText.line(call)), HttpText.headers(call))
                        .map(Markdown::code)
                        .collect(Collectors.joining(" ", call.summary() + ", ", "")),
                code(slug(example)),
                answer.status(),
                detail(example));
    }

    /** One of each type, in the order of their status. */
    private String problems() {
        Map<String, Part> examples = new TreeMap<>();
        document.all()
                .flatMap(part -> part.get("content").find(PROBLEM).stream())
                .flatMap(content -> content.examples().values().stream())
                .forEach(example -> examples.putIfAbsent(slug(example), example));
        return Markdown.table(
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

    private static String slug(Part example) {
        return example.get("value").text("type").replaceFirst(".*/", "");
    }

    private static String status(Part example) {
        return example.get("value").text("status");
    }

    private static String detail(Part example) {
        return example.get("value").text("detail");
    }

    private static String value(Part schema) {
        return Markdown.join(Stream.of(
                Markdown.heading(3, SchemaWords.name(schema).orElseThrow()),
                Markdown.prose(schema.text("description")),
                Markdown.table(
                        List.of("field", "value", "meaning"),
                        SchemaWords.fields(schema).entrySet().stream()
                                .map(field -> List.of(
                                        code(field.getKey()),
                                        SchemaWords.type(field.getValue()),
                                        field.getValue().text("description")))
                                .toList())));
    }
}
