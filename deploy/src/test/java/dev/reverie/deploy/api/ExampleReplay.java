package dev.reverie.deploy.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reverie.deploy.api.ExampleCall.Answer;
import dev.reverie.deploy.api.ExampleCall.Example;
import dev.reverie.deploy.api.ExampleCall.Given;
import dev.reverie.deploy.api.ExampleService.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sends the calls of a description to a service, one after another, and holds what comes back to what is described.
 * Where the description links an answer to a call, the call gets its parameters from the answer, as it would from a
 * client.
 */
final class ExampleReplay {

    private static final String HEADER = "$response.header.";
    private static final String BODY = "$response.body#";

    /** Their answers depend on the request alone. */
    private static final Set<String> ALWAYS_THE_SAME = Set.of("addSamples", "isAlive", "getProblemType");

    private final ExampleService service;
    private final SchemaValidator schemas;
    private final Map<String, byte[]> files = ExampleFiles.all();
    private final Set<String> usedFiles = new HashSet<>();
    private final Map<String, String> linked = new HashMap<>();
    private final Map<ApiOperation, Set<String>> given = new HashMap<>();

    ExampleReplay(ExampleService service, SchemaValidator schemas) {
        this.service = service;
        this.schemas = schemas;
    }

    void replay(ExampleCall call) {
        Optional<Answer> expected = call.answer();
        if (expected.filter(Answer::isProblem).isEmpty()) {
            assertMeantToSucceed(call);
        }
        Reply reply = send(call);
        String status = Integer.toString(reply.status());
        OpenApiNode response = call.operation()
                .responses()
                .getOrDefault(status, call.operation().part().get("nowhere"));
        assertThat(response.node().isMissingNode())
                .as("%s is described, was answered with %s", status, reply.text())
                .isFalse();
        assertHeaders(response, reply);
        expected.ifPresentOrElse(
                answer -> assertAsInExample(call, answer, reply),
                () -> assertThat(call.operation().withoutBody()).contains(status));
        Set<String> types = ApiOperation.byName(response.get("content")).keySet();
        assertThat(reply.mediaType()).isIn(types.isEmpty() ? Set.of("") : types);
        given.computeIfAbsent(call.operation(), first -> new HashSet<>()).add(status + reply.mediaType());
        response.get("links").fields().forEach(link -> follow(link.getKey(), link.getValue(), reply));
    }

    /** That every answer to be hoped for was given, in every type there is, and that no file was made for nothing. */
    void assertComplete() {
        given.forEach((operation, answers) -> operation.successes().forEach((status, response) -> {
            Set<String> types = ApiOperation.byName(response.get("content")).keySet();
            assertThat(answers)
                    .as(operation.title())
                    .containsAll((types.isEmpty() ? Set.of("") : types)
                            .stream().map(type -> status + type).toList());
        }));
        assertThat(usedFiles).isEqualTo(files.keySet());
    }

    private void assertMeantToSucceed(ExampleCall call) {
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

    private Reply send(ExampleCall call) {
        List<Given> parameters = call.parameters().stream()
                .map(each -> new Given(
                        each.name(),
                        each.in(),
                        linked.getOrDefault(linkOf(call.operation().id(), call.name(), each.name()), each.value())))
                .toList();
        return service.send(
                call.operation().method(),
                call.address(parameters),
                call.operation().role(),
                request -> {
                    parameters.stream()
                            .filter(each -> each.in().equals("header"))
                            .forEach(each -> request.header(each.name(), each.value()));
                    call.answer()
                            .filter(answer -> !answer.isProblem())
                            .ifPresent(answer ->
                                    request.header("Accept", answer.example().mediaType()));
                    call.body()
                            .ifPresent(body -> bring(request, call.operation().method(), body));
                    return request;
                });
    }

    private void bring(HttpRequest.Builder request, String method, Example body) {
        body.file().ifPresent(usedFiles::add);
        request.header("Content-Type", body.mediaType())
                .method(
                        method,
                        body.file()
                                .map(name -> Optional.ofNullable(files.get(name))
                                        .orElseThrow(() -> new AssertionError("nobody makes the file " + name)))
                                .map(BodyPublishers::ofByteArray)
                                .orElseGet(() -> BodyPublishers.ofString(body.text())));
    }

    private void assertAsInExample(ExampleCall call, Answer expected, Reply reply) {
        assertThat(reply.status()).hasToString(expected.status());
        Example example = expected.example();
        assertThat(reply.mediaType()).isEqualTo(example.mediaType());
        assertItems(example);
        assertItems(example.mediaType(), example.content(), reply.text());
        if (example.mediaType().endsWith("json")) {
            JsonNode body = BodyParser.json(reply.text());
            JsonNode shown = example.example().node().path("value");
            schemas.assertValid(example.content().get("schema"), body);
            if (expected.isProblem()
                    || ALWAYS_THE_SAME.contains(call.operation().id())) {
                assertThat(body).isEqualTo(shown);
            } else {
                assertThat(fieldsOf(body)).isEqualTo(fieldsOf(shown));
            }
        }
    }

    /** Names of all that is in a value; of a list, in its first. */
    private static Set<String> fieldsOf(JsonNode value) {
        Set<String> fields = new HashSet<>();
        (value.isArray() ? value.path(0) : value).properties().forEach(field -> {
            fields.add(field.getKey());
            fieldsOf(field.getValue()).forEach(inner -> fields.add(field.getKey() + "." + inner));
        });
        return fields;
    }

    private static void assertHeaders(OpenApiNode response, Reply reply) {
        response.get("headers").fields().forEach(header -> assertThat(
                        reply.headers().firstValue(header.getKey()))
                .as("the header %s of %s", header.getKey(), response.pointer())
                .matches(value -> value.isPresent()
                        || !header.getValue().node().path("required").asBoolean()));
    }

    private void follow(String name, OpenApiNode link, Reply reply) {
        link.get("parameters").fields().forEach(parameter -> {
            String expression = parameter.getValue().node().asText();
            String value = expression.startsWith(HEADER)
                    ? reply.headers()
                            .firstValue(expression.substring(HEADER.length()))
                            .orElseThrow()
                    : BodyParser.json(reply.text())
                            .at(expression.substring(BODY.length()))
                            .asText();
            String parameterName = parameter.getKey().replaceFirst("^(header|path|query)\\.", "");
            linked.putIfAbsent(linkOf(link.text("operationId"), name, parameterName), value);
        });
    }

    private static String linkOf(String operationId, String call, String parameter) {
        return operationId + " " + call + " " + parameter;
    }
}
