package dev.reverie.streams.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.IntakeLimits;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.streams.decode.IngestLimits;
import dev.reverie.streams.decode.Pictures;
import dev.reverie.streams.service.InMemoryService;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The OpenAPI document")
class OpenApiTest {

    /** An additional route that the deployed service serves, but this server does not. */
    private static final String METRICS = "/metrics";

    private static final Server SERVER = Server.on(withOneClass());
    private static final SwaggerParseResult PARSED = new OpenAPIV3Parser()
            .readContents(new String(SERVER.get("/openapi.yaml").body(), StandardCharsets.UTF_8));
    private static final OpenAPI API = PARSED.getOpenAPI();

    private static InMemoryService withOneClass() {
        InMemoryService service = new InMemoryService();
        Image image = Image.of(new ImageShape(1, 8, 8), new byte[64]);
        service.admit(new Delivery(IngestSource.HTTP, List.of(new Sample("cat", Optional.empty(), image))));
        return service;
    }

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    static Stream<String> paths() {
        return API.getPaths().keySet().stream().filter(path -> !path.equals(METRICS));
    }

    static Stream<Arguments> reads() {
        return paths().filter(path -> methodsOf(path).contains(HttpMethod.GET)).map(Arguments::of);
    }

    @Test
    @DisplayName("is valid OpenAPI 3.1")
    void valid() {
        assertThat(PARSED.getMessages()).isEmpty();
        assertThat(API.getOpenapi()).startsWith("3.1");
        assertThat(SERVER.get("/openapi.yaml").headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/yaml"));
    }

    @ParameterizedTest
    @MethodSource("paths")
    @DisplayName("describes exactly the paths and methods of the server")
    void methods(String path) {
        HttpResponse<byte[]> refusal =
                SERVER.send(address(path), request -> request.method("PATCH", BodyPublishers.noBody()));

        assertThat(refusal.statusCode()).isEqualTo(405);
        String allowed = refusal.headers().firstValue("Allow").orElseThrow();
        assertThat(Arrays.stream(allowed.split(", *"))
                        .map(HttpMethod::valueOf)
                        .filter(method -> method != HttpMethod.HEAD))
                .containsExactlyInAnyOrderElementsOf(methodsOf(path));
    }

    @ParameterizedTest
    @MethodSource("reads")
    @DisplayName("gives the media types of every readable resource")
    void contentTypes(String path) {
        Set<String> described = typesOf(path);

        if (described.contains("text/event-stream")) {
            return; // never ends; EventStreamTest reads it
        }
        HttpResponse<byte[]> answer = SERVER.get(address(path));

        assertThat(answer.statusCode()).isEqualTo(200);
        String type = answer.headers().firstValue("Content-Type").orElseThrow();
        assertThat(described).contains(type.replaceAll(";.*", ""));
    }

    @ParameterizedTest
    @MethodSource("reads")
    @DisplayName("describes paths that also answer HEAD, without a body")
    void head(String path) {
        HttpResponse<byte[]> answer = SERVER.send(address(path), request -> request.HEAD());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        String type = answer.headers().firstValue("Content-Type").orElseThrow();
        assertThat(typesOf(path)).contains(type.replaceAll(";.*", ""));
    }

    private static Set<String> typesOf(String path) {
        return requireNonNull(item(path).getGet().getResponses().get("200"))
                .getContent()
                .keySet();
    }

    @ParameterizedTest(name = "{0}{1}: {2}")
    @CsvSource({
        "/v1/classes/cat, '', Class",
        "/v1/status, '', Status",
        "/v1/status, /held_out, HeldOutAccuracy",
        "/v1/cluster, '', ClusterStatus",
        "/v1/cluster, /members/0, Member",
        "/readyz?verbose, '', Readiness",
        "/problems/overloaded, '', ProblemType"
    })
    @DisplayName("describes exactly the fields that the server sends")
    void fields(String path, String pointer, String schema) {
        JsonNode sent = Server.json(SERVER.get(path)).at(pointer);

        assertThat(sent.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(
                        schema(schema).getProperties().keySet());
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "POST, /v1/samples",
        "POST, /v1/classes/{label}/seal",
        "DELETE, /v1/classes/{label}/seal",
        "DELETE, /v1/classes/{label}"
    })
    @DisplayName("describes the answer of a full store for every request that writes to it")
    void fullStore(HttpMethod method, String path) {
        assertThat(requireNonNull(item(path).readOperationsMap().get(method)).getResponses())
                .containsKey("507");
    }

    static Stream<Arguments> operations() {
        return paths().filter(path -> path.startsWith("/v1/"))
                .flatMap(path -> methodsOf(path).stream().map(method -> Arguments.of(method, path)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("operations")
    @DisplayName("lists the query parameters of every operation, and the server refuses all others by name")
    void queryParameters(HttpMethod method, String path) {
        String address = address(path);
        String known = String.join(", ", queryParametersOf(method, path));

        assertThat(problem(method, address + "?labels=a"))
                .isEqualTo("unknown query parameter 'labels': this path takes " + (known.isEmpty() ? "none" : known));
        assertThat(problem(method, address + "?" + known.replace(", ", "=1&") + "&zebra&%0Aowl=1"))
                .startsWith("unknown query parameters '\\u000aowl', 'zebra': this path takes ");
    }

    private static String problem(HttpMethod method, String address) {
        return Server.problem(
                SERVER.send(address, request -> request.method(method.name(), BodyPublishers.noBody())),
                400,
                "parameter-invalid");
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("operations")
    @DisplayName("lists only query parameters that the server accepts, all of them optional")
    void knownQueryParameters(HttpMethod method, String path) {
        String address = address(path.replace("{label}", "nobody")); // no class is sealed or forgotten here
        List<String> known = queryParametersOf(method, path);

        Stream.concat(
                        Stream.of("", "?", "?&&", "?" + String.join("=&", known)),
                        known.stream().map("?%s=1"::formatted))
                .forEach(query -> {
                    HttpResponse<byte[]> response = SERVER.send(address + query, request -> request.header(
                                    "Last-Event-ID", "none") // an event stream would not end
                            .method(method.name(), BodyPublishers.noBody()));
                    assertThat(response.statusCode()).as(query).isLessThan(500);
                    assertThat(new String(response.body(), StandardCharsets.ISO_8859_1))
                            .as(query)
                            .doesNotContain("unknown query parameter");
                });
    }

    private static List<String> queryParametersOf(HttpMethod method, String path) {
        Operation operation = requireNonNull(item(path).readOperationsMap().get(method));
        return Optional.ofNullable(operation.getParameters()).orElse(List.of()).stream()
                .filter(parameter -> "query".equals(parameter.getIn()))
                .map(Parameter::getName)
                .toList();
    }

    @Test
    @DisplayName("describes exactly the response to samples and the members of a problem")
    void responseToSamples() {
        JsonNode accepted = Server.json(SERVER.post("/v1/samples?label=cat", "image/png", Pictures.greyPng(8, 8)));
        JsonNode refused = Server.json(SERVER.post("/v1/samples?label=cat", "image/png", new byte[0]));

        assertThat(accepted.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrderElementsOf(
                        schema("Accepted").getProperties().keySet());
        Set<String> members =
                new HashSet<>(schema("ProblemType").getProperties().keySet());
        members.add("detail");
        assertThat(refused.fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(members);
    }

    @Test
    @DisplayName("names every problem type and every phase")
    void vocabularies() {
        assertThat(words("ProblemType", "type"))
                .isEqualTo(Arrays.stream(ProblemType.values())
                        .map(ProblemType::type)
                        .collect(Collectors.toSet()));
        assertThat(words("Class", "phase")).isEqualTo(Set.of("collecting", "distilling", "converged", "sealed"));
    }

    @Test
    @DisplayName("states the default limits")
    void limits() {
        HttpSettings settings = HttpSettings.on(0);
        IngestLimits limits = settings.limits();

        assertThat(schema("Label").getMaxLength()).isEqualTo(limits.labelLength());
        assertThat(schema("SampleId").getMaxLength()).isEqualTo(limits.idLength());
        assertThat(API.getInfo().getDescription())
                .contains(
                        "| request body | %s |".formatted(mebibytes(limits.bodyBytes())),
                        "| unpacked request body | %s, also after `--resize`; and %d times the size as sent, or one image of the maximum size |"
                                .formatted(mebibytes(limits.decodedBytes()), limits.decodeRatio()),
                        "| images per request | %,d |".formatted(limits.images()),
                        "| pixels per image | %,d |".formatted(limits.pixels()),
                        "| line of NDJSON | %s |".formatted(mebibytes(limits.lineBytes())),
                        "| label | %d characters |".formatted(limits.labelLength()),
                        "| id | %d characters |".formatted(limits.idLength()),
                        "| classes | %,d,".formatted(IntakeLimits.DEFAULT.classes()),
                        "| samples not yet durable | %s |".formatted(mebibytes(IntakeLimits.DEFAULT.pendingBytes())),
                        "| deliveries not yet answered | %s |".formatted(mebibytes(settings.maxPendingBytes())),
                        "at a time is not counted | %s |".formatted(mebibytes(settings.maxPendingBytes())),
                        "| batch drawn from the memory | %,d images,".formatted(settings.batchImages()),
                        "| connections | %,d |".formatted(settings.connections()),
                        ("| time to receive request headers | %d s for the first request on a connection,"
                                        + " %d s for later requests |")
                                .formatted(
                                        settings.headTime().toSeconds(),
                                        settings.keepAlive().toSeconds()),
                        "| time to receive a body | %d s |"
                                .formatted(settings.bodyTime().toSeconds()),
                        "| time until a response begins | %d s |"
                                .formatted(settings.answerTime().toSeconds()),
                        "| time to read a response | %d s, and 1 s for each %d KiB |"
                                .formatted(settings.answerTime().toSeconds(), settings.answerRate() >> 10),
                        "| idle time of a connection | %d s |"
                                .formatted(settings.idleTime().toSeconds()),
                        "| time of a backup | %d min |"
                                .formatted(settings.backupTime().toMinutes()));
    }

    private static String mebibytes(long bytes) {
        return bytes / (1 << 20) + " MiB";
    }

    private static String address(String path) {
        JsonNode moment = SERVER.firstMoment();
        return path.replace("{label}", "cat")
                .replace("{slug}", "overloaded")
                .replace("{file}", "page.js")
                .replace("{name}", "ReverieDown")
                .replace("{number}", moment.get("number").asText())
                .replace(
                        "{picture}", moment.get("classes").get(0).get("picture").asText());
    }

    private static PathItem item(String path) {
        return requireNonNull(API.getPaths().get(path));
    }

    private static List<HttpMethod> methodsOf(String path) {
        return List.copyOf(item(path).readOperationsMap().keySet());
    }

    private static Schema<?> schema(String name) {
        return requireNonNull(API.getComponents().getSchemas().get(name));
    }

    private static Set<String> words(String schema, String property) {
        Schema<?> words = requireNonNull(schema(schema).getProperties().get(property));
        return words.getEnum().stream().map(Object::toString).collect(Collectors.toSet());
    }
}
