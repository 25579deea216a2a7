package dev.reverie.streams.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.IntakeLimits;
import dev.reverie.streams.decode.IngestLimits;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The OpenAPI document")
class OpenApiTest {

    @AutoClose
    private static final Server SERVER = Server.start();

    private static final SwaggerParseResult PARSED = new OpenAPIV3Parser()
            .readContents(new String(SERVER.get("/openapi.yaml").body(), StandardCharsets.UTF_8));
    private static final OpenAPI API = PARSED.getOpenAPI();

    @Test
    @DisplayName("is valid OpenAPI 3.1")
    void valid() {
        assertThat(PARSED.getMessages()).isEmpty();
        assertThat(API.getOpenapi()).startsWith("3.1");
        assertThat(SERVER.get("/openapi.yaml").headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/yaml"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "POST, /v1/samples",
        "DELETE, /v1/samples/{label}/{id}",
        "POST, /v1/classes/{label}/merge",
        "POST, /v1/classes/{label}/seal",
        "DELETE, /v1/classes/{label}/seal",
        "PATCH, /v1/classes/{label}",
        "DELETE, /v1/classes/{label}"
    })
    @DisplayName("describes the answer of a full store for every request that writes to it")
    void fullStore(HttpMethod method, String path) {
        Operation writing = requireNonNull(
                requireNonNull(API.getPaths().get(path)).readOperationsMap().get(method));

        assertThat(writing.getResponses()).containsKey("507");
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

    private static Schema<?> schema(String name) {
        return requireNonNull(API.getComponents().getSchemas().get(name));
    }

    private static Set<String> words(String schema, String property) {
        Schema<?> words = requireNonNull(schema(schema).getProperties().get(property));
        return words.getEnum().stream().map(Object::toString).collect(Collectors.toSet());
    }
}
