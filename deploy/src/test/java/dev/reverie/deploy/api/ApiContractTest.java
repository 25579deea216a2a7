package dev.reverie.deploy.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reverie.deploy.api.ExampleCall.ExpectedResponse;
import dev.reverie.deploy.api.ExampleService.Response;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract between the document that clients read and a running service: each operation takes the methods, the
 * tokens and the parameters that openapi.yaml describes, and each example gets the described response.
 */
@DisplayName("A running service, as openapi.yaml describes it,")
@Timeout(120)
class ApiContractTest {

    private static final String JSON = "application/json";
    private static final String PROBLEM = "application/problem+json";

    /** Problems that no single request can cause. */
    private static final Set<String> NOT_REPRODUCIBLE =
            Set.of("timeout", "overloaded", "internal", "not-ready", "storage-full", "store-damaged");

    private static final List<String> ROLES = List.of("ingest", "read", "admin");

    private static final OpenApiNode DOCUMENT = OpenApiNode.document();
    private static final SchemaValidator SCHEMAS = new SchemaValidator(DOCUMENT);

    @AutoClose
    private static ExampleService service;

    private static Response emptyMemory;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        service = ExampleService.start(folder);
        emptyMemory = service.send("GET", "/v1/memory", Optional.of("read"), request -> request);
        service.fill();
    }

    @TestFactory
    @DisplayName("has the described methods on each path, besides HEAD for each GET, and no others")
    Stream<DynamicTest> methods() {
        return operations().collect(Collectors.groupingBy(ApiOperation::path)).values().stream()
                .map(operations ->
                        DynamicTest.dynamicTest(operations.getFirst().path(), () -> assertMethods(operations)));
    }

    private static void assertMethods(List<ApiOperation> operations) {
        Set<String> described = operations.stream().map(ApiOperation::method).collect(Collectors.toSet());
        if (described.contains("GET")) {
            described.add("HEAD");
        }

        Response refusal =
                service.send("PUT", operations.getFirst().examplePath(), Optional.of("admin"), request -> request);

        assertThat(refusal.status()).isEqualTo(405);
        assertThat(refusal.headers().firstValue("Allow").orElseThrow().split(", *"))
                .containsExactlyInAnyOrderElementsOf(described);
    }

    @TestFactory
    @DisplayName("requires a token with the described role for each operation")
    Stream<DynamicTest> roles() {
        return operations()
                .filter(operation -> operation.role().isPresent())
                .map(operation -> DynamicTest.dynamicTest(operation.title(), () -> assertRole(operation)));
    }

    private static void assertRole(ApiOperation operation) {
        for (String role : ROLES) {
            Response response = service.call(operation, "", Optional.of(role));
            if (role.equals("admin") || operation.role().equals(Optional.of(role))) {
                assertThat(response.status()).as(role).isNotIn(401, 403);
            } else {
                assertThat(response.status()).as(role).isEqualTo(403);
                assertThat(response.text()).as(role).contains("/problems/forbidden");
            }
        }
        assertUnauthorized(operation, Optional.empty(), "Bearer realm=\"reverie\"");
        assertUnauthorized(operation, Optional.of("unknown"), "Bearer realm=\"reverie\", error=\"invalid_token\"");
    }

    private static void assertUnauthorized(ApiOperation operation, Optional<String> token, String challenge) {
        Response response = service.call(operation, "", token);
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.text()).contains("/problems/unauthorized");
        assertThat(response.headers().firstValue("WWW-Authenticate")).contains(challenge);
    }

    @TestFactory
    @DisplayName("takes the described query parameters, all of them optional, and refuses others by name")
    Stream<DynamicTest> queryParameters() {
        return operations()
                .filter(operation -> operation.path().startsWith("/v1/"))
                .map(operation -> DynamicTest.dynamicTest(operation.title(), () -> {
                    assertRefusesUnknownParameters(operation);
                    assertTakesKnownParameters(operation);
                }));
    }

    private static void assertRefusesUnknownParameters(ApiOperation operation) {
        String known = String.join(", ", operation.queryParameters());

        assertThat(refusal(operation, "?names=a"))
                .isEqualTo("unknown query parameter 'names': this path takes " + (known.isEmpty() ? "none" : known));
        assertThat(refusal(operation, "?" + known.replace(", ", "=1&") + "&zebra&%0Aowl=1"))
                .startsWith("unknown query parameters '\\u000aowl', 'zebra': this path takes ");
    }

    private static String refusal(ApiOperation operation, String query) {
        Response response = service.call(operation, query, operation.role());
        JsonNode problem = BodyParser.json(response.text());
        assertThat(response.status()).isEqualTo(400);
        assertThat(problem.path("type").asText()).isEqualTo("/problems/parameter-invalid");
        return problem.path("detail").asText();
    }

    private static void assertTakesKnownParameters(ApiOperation operation) {
        List<String> known = operation.queryParameters();

        Stream.concat(
                        Stream.of("", "?", "?&&", "?" + String.join("=&", known)),
                        known.stream().map("?%s=1"::formatted))
                .forEach(query -> {
                    Response response = service.call(operation, query, operation.role());
                    assertThat(response.status()).as(query).isLessThan(500);
                    if (response.status() >= 400) { // the status tells of earlier refusals
                        assertThat(response.text()).as(query).doesNotContain("unknown query parameter");
                    }
                });
    }

    private static Stream<ApiOperation> operations() {
        return ApiOperation.of(DOCUMENT).stream();
    }

    @TestFactory
    @DisplayName("responds to each example request as described")
    Stream<DynamicTest> calls() {
        ExampleReplay replay = new ExampleReplay(service, SCHEMAS);
        List<ExampleCall> calls = operations()
                .sorted(Comparator.comparing(
                        operation -> operation.method().equals("DELETE"))) // they remove what other calls need
                .flatMap(operation -> operation.calls().stream())
                .toList();
        return Stream.concat(
                calls.stream().map(call -> DynamicTest.dynamicTest(call.title(), () -> replay.replay(call))),
                Stream.of(DynamicTest.dynamicTest("all described responses occur", replay::assertComplete)));
    }

    @TestFactory
    @DisplayName("reports each problem as in its example")
    Stream<DynamicTest> problems() {
        Set<String> called = operations()
                .flatMap(operation -> operation.calls().stream())
                .flatMap(call -> call.response().stream())
                .filter(ExpectedResponse::isProblem)
                .map(response -> response.example().example().pointer())
                .collect(Collectors.toSet());
        return examplesOf(PROBLEM)
                .filter(example -> !called.contains(example.pointer()))
                .map(example -> DynamicTest.dynamicTest(example.pointer(), () -> assertReported(example)));
    }

    private static void assertReported(OpenApiNode example) {
        JsonNode problem = example.node().path("value");
        String type = problem.path("type").asText();
        String slug = type.substring(type.lastIndexOf('/') + 1);
        if (NOT_REPRODUCIBLE.contains(slug)) {
            JsonNode meaning = BodyParser.json(service.send("GET", type, Optional.empty(), request -> request)
                    .text());
            assertThat(problem.path("title")).isEqualTo(meaning.path("title"));
            assertThat(problem.path("status")).isEqualTo(meaning.path("status"));
        } else {
            assertThat(BodyParser.json(responseWithProblem(slug).text())).isEqualTo(problem);
        }
    }

    private static Response responseWithProblem(String slug) {
        String status = "/v1/status";
        Optional<String> reader = Optional.of("read");
        return switch (slug) {
            case "unauthorized" -> service.send("GET", status, Optional.empty(), request -> request);
            case "forbidden" -> service.send("DELETE", "/v1/classes/Coat", reader, request -> request);
            case "foreign-site" ->
                service.send("GET", status, reader, request -> request.header("Origin", "https://example.org"));
            case "method-not-allowed" -> service.send("PUT", status, reader, request -> request);
            case "type-unsupported" ->
                service.send("POST", "/v1/samples", Optional.of("ingest"), request -> request.header(
                                "Content-Type", "text/csv")
                        .POST(BodyPublishers.ofString("1,2,3")));
            case "encoding-unsupported" ->
                service.send("POST", "/v1/samples", Optional.of("ingest"), request -> request.header(
                                "Content-Encoding", "gzip")
                        .POST(BodyPublishers.ofString("...")));
            case "uri-too-long" -> service.send("GET", "/v1/classes/" + "a".repeat(8192), reader, request -> request);
            case "headers-too-large" ->
                service.send("GET", status, reader, request -> request.header("X-Large", "a".repeat(8200)));
            case "request-invalid" -> service.send("GET", status, reader, ApiContractTest::withManyHeaders);
            case "memory-empty" -> emptyMemory;
            default -> throw new AssertionError("this test has no request that causes the problem " + slug);
        };
    }

    private static HttpRequest.Builder withManyHeaders(HttpRequest.Builder request) {
        for (int i = 0; i < 65; i++) {
            request.header("X-" + i, "a");
        }
        return request;
    }

    @TestFactory
    @DisplayName("has examples that match their schemas")
    Stream<DynamicTest> schemas() {
        return Stream.of(JSON, PROBLEM)
                .flatMap(ApiContractTest::contentsOf)
                .flatMap(content -> content.examples().values().stream()
                        .map(example -> DynamicTest.dynamicTest(
                                example.pointer(),
                                () -> SCHEMAS.assertValid(
                                        content.get("schema"), example.node().path("value")))));
    }

    @Test
    @DisplayName("has an example of every text body and of every problem type")
    void complete() {
        for (String type : List.of(JSON, PROBLEM, "application/x-ndjson", "text/event-stream", "text/plain")) {
            assertThat(contentsOf(type)).isNotEmpty().allSatisfy(content -> assertThat(content.examples())
                    .as(content.pointer())
                    .isNotEmpty());
        }
        assertThat(examplesOf(PROBLEM)
                        .map(example -> example.node().path("value").path("type")))
                .containsAll(DOCUMENT.get("components")
                        .get("schemas")
                        .get("ProblemType")
                        .get("properties")
                        .get("type")
                        .node()
                        .path("enum"));
    }

    /** Returns all descriptions of bodies with a media type. */
    private static Stream<OpenApiNode> contentsOf(String mediaType) {
        return DOCUMENT.all().flatMap(node -> node.get("content").find(mediaType).stream());
    }

    private static Stream<OpenApiNode> examplesOf(String mediaType) {
        return contentsOf(mediaType).flatMap(content -> content.examples().values().stream());
    }
}
