package dev.reverie.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reverie.client.StubService.Request;
import dev.reverie.client.StubService.Response;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("A client")
@Timeout(60)
class ReverieClientTest {

    private static final long PAUSE_NS = 10_000_000;

    private static final Samples SAMPLES = Samples.of(new ImageShape(1, 1, 1), new byte[] {1, 2}, 3, 4);
    private static final Response ACCEPTED = Response.json(200, "{\"accepted\": 2, \"duplicates\": 0}");
    private static final Response BUSY =
            Response.problem(429, "overloaded", "too much").withHeader("Retry-After", "0");
    private static final Duration LONG = Duration.ofSeconds(30);

    private final StubService service = new StubService();
    private final ReverieClient client =
            ReverieClient.builder(service.address()).build();

    @AfterEach
    void close() {
        client.close();
        service.close();
    }

    @Test
    @DisplayName("sends each request once, unless it has patience")
    void patience() throws ReverieException {
        service.answer(BUSY, ACCEPTED);
        assertThatThrownBy(() -> client.deliver(SAMPLES))
                .isInstanceOf(ReverieException.Busy.class)
                .hasMessage("the service is busy: too much");

        service.answer(BUSY, BUSY, ACCEPTED);
        try (ReverieClient patient = patient()) {
            assertThat(patient.deliver(SAMPLES)).isEqualTo(new DeliveryReceipt(2, 0));
        }
        assertThat(service.requests()).hasSize(4);
    }

    @Test
    @DisplayName("fails at once where nothing listens, even if it has patience")
    void nothingListens() {
        service.close();

        try (ReverieClient patient = patient()) {
            assertThatThrownBy(patient::classes)
                    .isInstanceOf(ReverieException.Unreachable.class)
                    .hasMessage("no service answers at " + service.address()
                            + ": start one with 'reverie serve', or correct the address");
        }
    }

    @Test
    @DisplayName("repeats a call while a proxy answers in place of a service that has answered before")
    void proxy() throws ReverieException {
        service.answer(Response.json(502, "<html>"));
        try (ReverieClient patient = patient()) {
            assertThatThrownBy(() -> patient.deliver(SAMPLES))
                    .isInstanceOf(ReverieException.Unreachable.class)
                    .hasMessage("no service answers behind the proxy (status 502): check that the service runs");
            assertThat(service.requests()).hasSize(1);

            service.answer(ACCEPTED, Response.json(503, "<html>"), Response.json(504, "<html>"), ACCEPTED);
            patient.deliver(SAMPLES);
            assertThat(patient.deliver(SAMPLES)).isEqualTo(new DeliveryReceipt(2, 0));
        }
        assertThat(service.requests()).hasSize(5);
    }

    private ReverieClient patient() {
        return ReverieClient.builder(service.address()).patience(LONG).build();
    }

    @Test
    @DisplayName("sends its token, and reports the problem if it is refused")
    void token() {
        service.answer(Response.problem(401, "unauthorized", "the token is unknown"));

        try (ReverieClient guarded =
                ReverieClient.builder(service.address()).token("secret").build()) {
            ReverieException.Refused refused = catchThrowableOfType(ReverieException.Refused.class, guarded::status);
            assertThat(refused).hasMessage("the service refused: the token is unknown");
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.type()).isEqualTo("/problems/unauthorized");
        }
        assertThat(service.requests().getFirst().token()).contains("Bearer secret");
    }

    @Test
    @DisplayName("asks for batches with all parameters, and encodes labels")
    void batch() throws ReverieException {
        service.answer(Response.npz("", MemoryFiles.of(List.of("ankle boot"), 0).toNpz()));

        client.sample(BatchRequest.of(9).from("ankle boot", "猫", "a, \"b\"").withSeed(-1));

        assertThat(service.requests())
                .extracting(Request::line)
                .containsExactly("GET /v1/memory/sample?n=9&seed=-1&classes=ankle%20boot%2C%E7%8C%AB"
                        + "%2C%22a%2C%20%22%22b%22%22%22");
    }

    @Test
    @DisplayName("has a call for each request")
    void calls() throws IOException {
        service.answer(status("sealed"));
        assertThat(client.seal("a b").orElseThrow().phase()).isEqualTo(ClassPhase.SEALED);
        client.sealWhenConverged("cat");
        assertThat(client.rename("cat", Optional.of("a \"Katze\""))
                        .orElseThrow()
                        .name())
                .contains("Katze");
        client.rename("cat", Optional.empty());
        service.answer(ACCEPTED);
        client.cancelSeal("cat");
        assertThat(client.merge("a b", "c d")).isEqualTo(new DeliveryReceipt(2, 0));
        client.deliver(new byte[] {(byte) 0x89, 'P', 'N', 'G'}, "cat");
        client.deliver(new byte[] {(byte) 0xff, (byte) 0xd8}, "cat", "a/1");
        client.deliver(List.of(new byte[] {1, 2}, new byte[] {3}), List.of("a \"b\"", "cat"));
        client.requireReachable();
        assertThat(client.forget("cat")).isTrue();
        assertThat(client.memoryFile()).isPresent();
        assertThat(client.memoryPictures()).isPresent();
        try (InputStream backup = client.backup()) {
            assertThat(backup.readAllBytes()).startsWith('{');
        }

        assertThat(service.requests())
                .extracting(Request::line)
                .containsExactly(
                        "POST /v1/classes/a%20b/seal",
                        "POST /v1/classes/cat/seal?when=converged",
                        "PATCH /v1/classes/cat {\"name\":\"a \\\"Katze\\\"\"}",
                        "PATCH /v1/classes/cat {\"name\":null}",
                        "DELETE /v1/classes/cat/seal",
                        "POST /v1/classes/a%20b/merge?into=c%20d",
                        "POST /v1/samples?label=cat",
                        "POST /v1/samples?label=cat&id=a%2F1",
                        """
                        POST /v1/samples {"label":"a \\"b\\"","image":"AQI="}
                        {"label":"cat","image":"Aw=="}
                        """,
                        "GET /livez",
                        "DELETE /v1/classes/cat",
                        "GET /v1/memory",
                        "GET /v1/memory?format=zip",
                        "POST /v1/backup");
    }

    @Test
    @DisplayName("reads the totals, with the held-out accuracy if there is one")
    void totals() throws ReverieException {
        String totals = """
                {"samples": 5, "classes": 2, "inner_loops": 3, "outer_iterations": 1, "uptime_seconds": 1.5,
                 "worker": "idle", "held_out": %s}""";
        service.answer(Response.json(200, totals.formatted("null")));
        assertThat(client.status().accuracy()).isEmpty();

        service.answer(Response.json(200, totals.formatted("""
                {"accuracy": 0.5, "images": 4, "classes": 1, "memory_classes": 2,
                 "taken": "1970-01-01T00:00:01Z", "tested": "1970-01-01T00:00:02Z"}, "refused": [
                 {"source": "http", "reason": "quota", "samples": 3, "last": {"origin": null, "detail": "no"}}]""")));
        assertThat(client.status())
                .isEqualTo(new ServiceStatus(
                        5,
                        2,
                        3,
                        1,
                        Duration.ofMillis(1500),
                        "idle",
                        Optional.of(
                                new HeldOutAccuracy(0.5, 4, 1, 2, Instant.ofEpochSecond(1), Instant.ofEpochSecond(2))),
                        List.of(new ServiceStatus.Refusals("http", "quota", 3, Optional.empty(), "no"))));
    }

    @Test
    @DisplayName("says that a backup is refused, and that the store is full")
    void problems() {
        service.answer(Response.problem(409, "backup-running", "another backup is running"));
        assertThatThrownBy(client::backup)
                .isInstanceOf(ReverieException.Refused.class)
                .hasMessage("the service refused: another backup is running");

        service.answer(Response.problem(507, "storage-full", "free some space"));
        assertThatThrownBy(() -> client.deliver(SAMPLES))
                .isInstanceOf(ReverieException.Busy.class)
                .hasMessage("the store of the service is full: free some space");
    }

    @Test
    @DisplayName("says why a response is not one of Reverie")
    void unreadable() {
        service.answer(Response.npz("", new byte[50]));
        assertThatThrownBy(() -> client.sample(1))
                .isInstanceOf(ReverieException.Refused.class)
                .hasMessage("the response does not come from Reverie (the file is not an NPZ file, or is truncated):"
                        + " check that a Reverie service runs at this address");

        service.answer(Response.json(200, "{}"));
        assertThatThrownBy(client::status)
                .isInstanceOf(ReverieException.Refused.class)
                .hasMessage("the response does not come from Reverie: check that a Reverie service runs at this"
                        + " address");

        service.answer(Response.json(404, "not found"));
        assertThatThrownBy(client::status)
                .hasMessage("the response has status 404 and no explanation: check that a Reverie service runs at this"
                        + " address");
    }

    @Test
    @DisplayName("waits until a class exists and is in the phase or in a later one")
    void phases() throws ReverieException {
        service.answer(
                Response.problem(404, "unknown-class", "there is no such class"),
                status("collecting"),
                status("distilling"),
                status("sealed"));

        assertThat(client.waitUntil("cat", ClassPhase.CONVERGED, LONG).phase()).isEqualTo(ClassPhase.SEALED);
        assertThat(service.requests()).hasSize(4);
    }

    @Test
    @DisplayName("says the phase of a class that does not reach another phase in time")
    void phaseTooLate() {
        service.answer(status("distilling"));

        assertThatThrownBy(() -> client.waitUntil("cat", ClassPhase.CONVERGED, Duration.ZERO))
                .isInstanceOf(ReverieException.TimedOut.class)
                .hasMessage("the class 'cat' is DISTILLING, and not CONVERGED, after 0 s: wait longer");
    }

    private static Response status(String phase) {
        return Response.json(200, """
                {"label": "cat", "name": "Katze", "index": 0, "phase": "%s", "seen": 1, "reservoir": 1, "images": 1,
                 "inner_loops": 0, "matching_loss": null, "updated": "2026-01-01T00:00:00Z"}""".formatted(phase));
    }

    @Test
    @DisplayName("waits until the service is ready, but not for longer than it may")
    void readiness() throws ReverieException {
        service.answer(Response.json(503, "{}"), Response.json(200, "{}"));
        client.waitReady(LONG);
        assertThat(service.requests()).hasSize(2);

        service.close();
        assertThatThrownBy(() -> client.waitReady(Duration.ZERO))
                .isInstanceOf(ReverieException.TimedOut.class)
                .hasMessageContaining("is not ready after 0 s (")
                .hasMessageContaining("no service answers at");
    }

    @Test
    @DisplayName("that is closed ends a wait")
    void closedWhileWaiting() {
        service.answer(status("collecting"));
        CompletableFuture<ReverieException> ended = CompletableFuture.supplyAsync(() ->
                catchThrowableOfType(ReverieException.class, () -> client.waitUntil("cat", ClassPhase.SEALED, LONG)));
        while (service.requests().isEmpty()) {
            LockSupport.parkNanos(PAUSE_NS);
        }

        client.close();

        assertThat(ended.join()).isInstanceOf(ReverieException.Unreachable.class);
    }

    @Test
    @DisplayName(
            "refuses samples whose labels or ids do not match, shapes without pixels, empty batches, timeouts of zero"
                    + " and malformed tokens")
    void arguments() {
        ImageShape shape = new ImageShape(1, 1, 2);
        assertThatThrownBy(() -> Samples.of(shape, new byte[3], 1, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("got 3 bytes and 2 labels: give one label for every 2 bytes, and at least one");
        assertThatThrownBy(() -> SAMPLES.withIds(List.of("a")))
                .hasMessage("got 1 ids for 2 images: give one id per image");
        assertThatThrownBy(() -> new ImageShape(1, 0, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ImageShape(3, 40_000, 40_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an image has at most 2147483647 values, got 3x40000x40000");
        assertThatThrownBy(() -> BatchRequest.of(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BatchRequest.of(1).from(new String[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a batch of no class is empty: name at least one class");
        assertThatThrownBy(() -> ReverieClient.builder("localhost:8080").timeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        for (String token : List.of("a b", "s3cret!", "")) {
            assertThatThrownBy(() -> ReverieClient.builder("localhost:8080").token(token))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a token is one line of letters, digits and . _ ~ + / = -: correct the token");
        }
    }
}
