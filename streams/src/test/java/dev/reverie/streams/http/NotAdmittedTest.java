package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.intake.Admission;
import dev.reverie.streams.decode.NpzBytes;
import dev.reverie.streams.decode.Pictures;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("What the service does not admit is answered with a problem")
@Timeout(60)
class NotAdmittedTest {

    private static final byte[] PNG = Pictures.greyPng(4, 4);

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(Admission.Reason.SHAPE_MISMATCH, 422, "shape-mismatch"),
                Arguments.of(Admission.Reason.ID_CONFLICT, 409, "conflict"),
                Arguments.of(Admission.Reason.CLASS_SEALED, 409, "class-sealed"),
                Arguments.of(Admission.Reason.TOO_MANY_CLASSES, 409, "quota"));
    }

    @ParameterizedTest
    @DisplayName("for good")
    @MethodSource("refusals")
    void forGood(Admission.Reason reason, int status, String problem) {
        try (Server refusing = Server.start()) {
            refusing.service.answerWith(CompletableFuture.completedStage(new Admission.Refused(reason, "because")));

            byte[] batch = NpzBytes.greyImages(List.of("a", "b", "c")).toBytes();
            HttpResponse<byte[]> response = refusing.post("/v1/samples", "application/x-npz", batch);

            assertThat(Server.problem(response, status, problem)).isEqualTo("because");
            assertThat(refusing.refusals).containsExactly(new Server.Refused(problem, 3));
            assertThat(response.headers().firstValue("Retry-After")).isEmpty();
        }
    }

    static Stream<Arguments> delays() {
        return Stream.of(
                Arguments.of(Admission.Cause.OVERLOADED, 429, "overloaded"),
                Arguments.of(Admission.Cause.UNAVAILABLE, 503, "not-ready"),
                Arguments.of(Admission.Cause.STORE_FULL, 507, "storage-full"));
    }

    @ParameterizedTest
    @DisplayName("for now, and says when to come again")
    @MethodSource("delays")
    void forNow(Admission.Cause cause, int status, String problem) {
        try (Server deferring = Server.start()) {
            deferring.service.answerWith(
                    CompletableFuture.completedStage(new Admission.Deferred(cause, "later", Duration.ofMillis(1200))));

            HttpResponse<byte[]> response = deferring.post("/v1/samples?label=a", "image/png", PNG);

            Server.problem(response, status, problem);
            assertThat(response.headers().firstValue("Retry-After")).contains("2");
        }
    }

    @Test
    @DisplayName("because it failed, without saying how")
    void failed() {
        try (Server failing = Server.start()) {
            failing.service.answerWith(CompletableFuture.failedStage(new IllegalStateException("secret of the store")));

            String detail = Server.problem(failing.post("/v1/samples?label=a", "image/png", PNG), 500, "internal");

            assertThat(detail).doesNotContain("secret");
        }
    }
}
