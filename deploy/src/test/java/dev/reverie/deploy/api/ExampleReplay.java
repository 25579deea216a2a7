package dev.reverie.deploy.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reverie.deploy.api.ExampleCall.Example;
import dev.reverie.deploy.api.ExampleCall.ExpectedResponse;
import dev.reverie.deploy.api.ExampleCall.ParameterValue;
import dev.reverie.deploy.api.ExampleService.Response;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sends the example calls of openapi.yaml to a service, one after another, and checks the responses. If the document
 * links a response to a call, the call takes its parameters from the actual response.
 */
final class ExampleReplay {

    private static final String HEADER = "$response.header.";
    private static final String BODY = "$response.body#";

    /** Operations whose responses depend on the request alone. */
    private static final Set<String> DETERMINISTIC = Set.of("addSamples", "isAlive", "getProblemType");

    private final ExampleService service;
    private final SchemaValidator schemas;
    private final Map<String, byte[]> files = ExampleFiles.all();
    private final Set<String> usedFiles = new HashSet<>();
    private final Map<String, String> linkedValues = new HashMap<>();
    private final Map<ApiOperation, Set<String>> received = new HashMap<>();

    ExampleReplay(ExampleService service, SchemaValidator schemas) {
        this.service = service;
        this.schemas = schemas;
    }

    void replay(ExampleCall call) {
        Optional<ExpectedResponse> expected = call.response();
        if (expected.filter(ExpectedResponse::isProblem).isEmpty()) {
            assertValidRequest(call);
        }
        Response actual = send(call, call.operation().method());
        if (call.operation().method().equals("GET")) {
            assertHead(actual, send(call, "HEAD"));
        }
        String status = Integer.toString(actual.status());
        OpenApiNode response = call.operation()
                .responses()
                .getOrDefault(status, call.operation().node().get("undescribed"));
        assertThat(response.node().isMissingNode())
                .as("%s is a described status; the response was %s", status, actual.text())
                .isFalse();
        assertHeaders(response, actual);
        expected.ifPresentOrElse(
                example -> assertMatchesExample(call, example, actual),
                () -> assertThat(call.operation().withoutBody()).contains(status));
        Set<String> types = ApiOperation.byName(response.get("content")).keySet();
        assertThat(actual.mediaType()).isIn(types.isEmpty() ? Set.of("") : types);
        received.computeIfAbsent(call.operation(), first -> new HashSet<>()).add(status + actual.mediaType());
        response.get("links").fields().forEach(link -> storeLinkedValues(link.getKey(), link.getValue(), actual));
    }

    /** Checks that every successful response occurred with every media type, and that every file was used. */
    void assertComplete() {
        received.forEach((operation, answers) -> operation.successes().forEach((status, response) -> {
            Set<String> types = ApiOperation.byName(response.get("content")).keySet();
            assertThat(answers)
                    .as(operation.title())
                    .containsAll((types.isEmpty() ? Set.of("") : types)
                            .stream().map(type -> status + type).toList());
        }));
        assertThat(usedFiles).isEqualTo(files.keySet());
    }

    private void assertValidRequest(ExampleCall call) {
        for (OpenApiNode parameter : call.operation().parameters()) {
            Optional<OpenApiNode> example = parameter.get("examples").find(call.name());
            assertThat(example.isPresent() || !parameter.node().path("required").asBoolean())
                    .as("%s is called with %s", call.title(), parameter.text("name"))
                    .isTrue();
            example.ifPresent(value ->
                    schemas.assertValid(parameter.get("schema"), value.node().path("value")));
        }
        call.body().ifPresent(this::assertItems);
    }

    private void assertItems(Example body) {
        assertItems(body.mediaType(), body.content(), body.text());
    }

    private void assertItems(String mediaType, OpenApiNode content, String text) {
        content.find("x-itemSchema").ifPresent(schema -> assertThat(BodyParser.items(mediaType, text))
                .isNotEmpty()
                .allSatisfy(item -> schemas.assertValid(schema, item)));
    }

    private static void assertHead(Response get, Response head) {
        assertThat(head.status()).isEqualTo(get.status());
        assertThat(head.mediaType()).isEqualTo(get.mediaType());
        assertThat(head.text()).isEmpty();
    }

    private Response send(ExampleCall call, String method) {
        List<ParameterValue> parameters = call.parameters().stream()
                .map(each -> new ParameterValue(
                        each.name(),
                        each.in(),
                        linkedValues.getOrDefault(
                                linkKey(call.operation().id(), call.name(), each.name()), each.value())))
                .toList();
        return service.send(method, call.address(parameters), call.operation().role(), request -> {
            parameters.stream()
                    .filter(each -> each.in().equals("header"))
                    .forEach(each -> request.header(each.name(), each.value()));
            call.response()
                    .filter(response -> !response.isProblem())
                    .ifPresent(response ->
                            request.header("Accept", response.example().mediaType()));
            call.body().ifPresent(body -> setBody(request, method, body));
            return request;
        });
    }

    private void setBody(HttpRequest.Builder request, String method, Example body) {
        body.file().ifPresent(usedFiles::add);
        request.header("Content-Type", body.mediaType())
                .method(
                        method,
                        body.file()
                                .map(name -> Optional.ofNullable(files.get(name))
                                        .orElseThrow(
                                                () -> new AssertionError("ExampleFiles does not generate " + name)))
                                .map(BodyPublishers::ofByteArray)
                                .orElseGet(() -> BodyPublishers.ofString(body.text())));
    }

    private void assertMatchesExample(ExampleCall call, ExpectedResponse expected, Response actual) {
        assertThat(actual.status()).hasToString(expected.status());
        Example example = expected.example();
        assertThat(actual.mediaType()).isEqualTo(example.mediaType());
        assertItems(example);
        assertItems(example.mediaType(), example.content(), actual.text());
        if (example.mediaType().endsWith("json")) {
            JsonNode body = BodyParser.json(actual.text());
            JsonNode expectedBody = example.example().node().path("value");
            schemas.assertValid(example.content().get("schema"), body);
            assertDescribed(example.content().get("schema"), body);
            if (expected.isProblem() || DETERMINISTIC.contains(call.operation().id())) {
                assertThat(body).isEqualTo(expectedBody);
            } else {
                assertThat(fieldsOf(body)).isEqualTo(fieldsOf(expectedBody));
            }
        }
    }

    /** Checks that a value, or the first element of a list, has only fields that the schema describes. */
    private static void assertDescribed(OpenApiNode schema, JsonNode value) {
        OpenApiNode type = schema.find("items")
                .or(() -> schema.find("oneOf").map(types -> types.items().getFirst()))
                .orElse(schema);
        type.find("properties").ifPresent(properties -> (value.isArray() ? value.path(0) : value)
                .properties()
                .forEach(field -> {
                    assertThat(properties.has(field.getKey()))
                            .as("%s is described", field)
                            .isTrue();
                    assertDescribed(properties.get(field.getKey()), field.getValue());
                }));
    }

    /** Returns the names of all fields in a value; of a list, those of its first element. */
    private static Set<String> fieldsOf(JsonNode value) {
        Set<String> fields = new HashSet<>();
        (value.isArray() ? value.path(0) : value).properties().forEach(field -> {
            fields.add(field.getKey());
            fieldsOf(field.getValue()).forEach(inner -> fields.add(field.getKey() + "." + inner));
        });
        return fields;
    }

    private static void assertHeaders(OpenApiNode response, Response actual) {
        response.get("headers").fields().forEach(header -> assertThat(
                        actual.headers().firstValue(header.getKey()))
                .as("the header %s of %s", header.getKey(), response.pointer())
                .matches(value -> value.isPresent()
                        || !header.getValue().node().path("required").asBoolean()));
    }

    private void storeLinkedValues(String name, OpenApiNode link, Response actual) {
        link.get("parameters").fields().forEach(parameter -> {
            String expression = parameter.getValue().node().asText();
            String value = expression.startsWith(HEADER)
                    ? actual.headers()
                            .firstValue(expression.substring(HEADER.length()))
                            .orElseThrow()
                    : BodyParser.json(actual.text())
                            .at(expression.substring(BODY.length()))
                            .asText();
            String parameterName = parameter.getKey().replaceFirst("^(header|path|query)\\.", "");
            linkedValues.putIfAbsent(linkKey(link.text("operationId"), name, parameterName), value);
        });
    }

    private static String linkKey(String operationId, String call, String parameter) {
        return operationId + " " + call + " " + parameter;
    }
}
