package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.reverie.actors.deduplication.SampleVerdict;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.streams.decode.NpzBytes;
import dev.reverie.streams.decode.Pictures;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The API answers a delivery that the service does not accept")
@Timeout(60)
class UnacceptedDeliveriesTest {

    private static final String NPZ = "application/x-npz";

    private static final byte[] PNG = Pictures.greyPng(4, 4);

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(DeliveryOutcome.Reason.SHAPE_MISMATCH, 422, "shape-mismatch"),
                Arguments.of(DeliveryOutcome.Reason.QUOTA, 409, "quota"));
    }

    @ParameterizedTest
    @DisplayName("with a permanent refusal")
    @MethodSource("refusals")
    void forGood(DeliveryOutcome.Reason reason, int status, String problem) {
        try (Server refusing = Server.start()) {
            refusing.service.replyWith(
                    CompletableFuture.completedStage(new DeliveryOutcome.Refused(reason, "because")));

            byte[] batch = NpzBytes.greyImages(List.of("a", "b", "c")).toBytes();
            HttpResponse<byte[]> response = refusing.post("/v1/samples", NPZ, batch);

            assertThat(Server.problem(response, status, problem)).isEqualTo("because");
            assertThat(refusing.refusals).containsExactly(new Server.Refused(problem, 3));
            assertThat(refusing.deferrals).isEmpty();
            assertThat(response.headers().firstValue("Retry-After")).isEmpty();
        }
    }

    @Test
    @DisplayName("with what it stored, if it refuses some samples, and names these")
    void inPart() throws IOException {
        List<DeliveryOutcome.RefusedSample> refused = List.of(
                new DeliveryOutcome.RefusedSample(1, "b", Optional.of("x"), SampleVerdict.SEALED),
                new DeliveryOutcome.RefusedSample(2, "c", Optional.empty(), SampleVerdict.CONFLICT));
        try (Server refusing = Server.start()) {
            refusing.service.replyWith(CompletableFuture.completedStage(new DeliveryOutcome.Accepted(3, 1, refused)));
            byte[] batch = NpzBytes.greyImages(List.of("a", "b", "c")).toBytes();

            HttpResponse<byte[]> response = refusing.post("/v1/samples", NPZ, batch);

            assertThat(Server.problem(response, 409, "conflict"))
                    .isEqualTo("the class 'b' is sealed and accepts no more images: leave its images out; refused are"
                            + " sample 1 of 'b' with the id 'x', sample 2 of 'c'");
            JsonNode body = JsonMapper.builder().build().readTree(response.body());
            assertThat(body.path("accepted").asInt()).isEqualTo(3);
            assertThat(body.path("duplicates").asInt()).isEqualTo(1);
            assertThat(body.path("refused_total").asInt()).isEqualTo(2);
            assertThat(body.path("refused").toString())
                    .isEqualTo("[{\"index\":1,\"label\":\"b\",\"id\":\"x\",\"reason\":\"sealed\"},"
                            + "{\"index\":2,\"label\":\"c\",\"id\":null,\"reason\":\"conflict\"}]");
            assertThat(refusing.refusals).containsExactly(new Server.Refused("conflict", 2));
        }
    }

    @Test
    @DisplayName("with the first hundred refused samples, and the number of all")
    void many() throws IOException {
        List<DeliveryOutcome.RefusedSample> refused = IntStream.range(0, 250)
                .mapToObj(i -> new DeliveryOutcome.RefusedSample(i, "a", Optional.empty(), SampleVerdict.SEALED))
                .toList();
        try (Server refusing = Server.start()) {
            refusing.service.replyWith(CompletableFuture.completedStage(new DeliveryOutcome.Accepted(0, 0, refused)));

            HttpResponse<byte[]> response = refusing.post("/v1/samples?label=a", "image/png", PNG);

            assertThat(Server.problem(response, 409, "class-sealed")).endsWith("and 150 more");
            JsonNode body = JsonMapper.builder().build().readTree(response.body());
            assertThat(body.path("refused").size()).isEqualTo(100);
            assertThat(body.path("refused_total").asInt()).isEqualTo(250);
        }
    }

    static Stream<Arguments> delays() {
        return Stream.of(
                Arguments.of(DeliveryOutcome.Cause.OVERLOADED, 429, "overloaded"),
                Arguments.of(DeliveryOutcome.Cause.NOT_READY, 503, "not-ready"),
                Arguments.of(DeliveryOutcome.Cause.STORAGE_FULL, 507, "storage-full"));
    }

    @ParameterizedTest
    @DisplayName("with a deferral and a Retry-After header")
    @MethodSource("delays")
    void forNow(DeliveryOutcome.Cause cause, int status, String problem) {
        try (Server deferring = Server.start()) {
            deferring.service.replyWith(CompletableFuture.completedStage(
                    new DeliveryOutcome.Deferred(cause, "later", Duration.ofMillis(1200))));

            HttpResponse<byte[]> response = deferring.post("/v1/samples?label=a", "image/png", PNG);

            Server.problem(response, status, problem);
            assertThat(response.headers().firstValue("Retry-After")).contains("2");
            assertThat(deferring.deferrals).containsExactly(problem);
            assertThat(deferring.refusals).isEmpty();
        }
    }

    @Test
    @DisplayName("without a Retry-After header if the store is damaged, since a repetition does not mend it")
    void damaged() {
        try (Server damaged = Server.start()) {
            damaged.service.replyWith(CompletableFuture.completedStage(new DeliveryOutcome.Deferred(
                    DeliveryOutcome.Cause.STORE_DAMAGED, "restore it", Duration.ofSeconds(30))));

            HttpResponse<byte[]> response = damaged.post("/v1/samples?label=a", "image/png", PNG);

            assertThat(Server.problem(response, 503, "store-damaged")).isEqualTo("restore it");
            assertThat(damaged.deferrals).containsExactly("store-damaged");
            assertThat(response.headers().firstValue("Retry-After")).isEmpty();
        }
    }

    @Test
    @DisplayName("with an internal error that hides its cause")
    void failed() {
        try (Server failing = Server.start()) {
            failing.service.replyWith(CompletableFuture.failedStage(new IllegalStateException("secret of the store")));

            String detail = Server.problem(failing.post("/v1/samples?label=a", "image/png", PNG), 500, "internal");

            assertThat(detail).doesNotContain("secret");
            assertThat(failing.deferrals).containsExactly("internal");
        }
    }
}
