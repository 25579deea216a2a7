package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.streams.decode.NpzBytes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sends a byte every 50 ms to a server with short timeouts. A client that sends its head at once needs a server whose
 * timeout for heads is long, because a busy machine may read the head late.
 */
@DisplayName("A slow client")
@Timeout(60)
class SlowClientsTest {

    private static final long PAUSE_NS = 10_000_000;

    private static final int CONNECTIONS = 4;
    private static final String POST =
            "POST /v1/samples HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-npz\r\n";

    private static Server server;
    private static Server patientServer;

    @BeforeAll
    static void start() {
        server = server(Duration.ofMillis(300));
        patientServer = server(Duration.ofSeconds(30));
    }

    private static Server server(Duration headTime) {
        return new Server(
                HttpSettings.on(0).with(settings -> settings.connections(CONNECTIONS)
                        .headTime(headTime)
                        .keepAlive(headTime)
                        .bodyTime(Duration.ofMillis(400))
                        .heartbeat(Duration.ofMillis(100))),
                BearerTokens.none());
    }

    @AfterAll
    static void close() {
        server.close();
        patientServer.close();
    }

    @Test
    @DisplayName("that sends its first request head too slowly is disconnected")
    void firstHead() {
        try (Connection connection = new Connection(server.port())) {
            assertThat(connection
                            .send("GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
                            .drip())
                    .isEmpty();
        }
    }

    @Test
    @DisplayName("that sends nothing is disconnected")
    void silence() {
        try (Connection connection = new Connection(server.port())) {
            assertThat(connection.rest()).isEmpty();
        }
    }

    @Test
    @DisplayName("that sends the head of a further request too slowly is disconnected")
    void furtherHead() {
        try (Connection connection = new Connection(server.port())) {
            connection.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(connection.readUntil("{\"alive\":true}")).startsWith("HTTP/1.1 200 OK");
            assertThat(connection.send("GET /livez HTTP/1.1\r\nX-Slow: ").drip())
                    .isEmpty();
        }
    }

    @Test
    @DisplayName("that sends a body too slowly gets a problem and is disconnected")
    void body() {
        try (Connection connection = new Connection(patientServer.port())) {
            assertThat(connection.send(POST + "Content-Length: 1000\r\n\r\n").drip())
                    .startsWith("HTTP/1.1 408 ")
                    .contains("application/problem+json", "/problems/timeout");
        }
        try (Connection connection = new Connection(patientServer.port())) {
            assertThat(connection
                            .send(POST + "Transfer-Encoding: chunked\r\n\r\nfff\r\n")
                            .drip())
                    .startsWith("HTTP/1.1 408 ")
                    .contains("/problems/timeout");
        }
    }

    @Test
    @DisplayName("that sends a refused body too slowly is disconnected")
    void refusedBody() {
        try (Connection connection = new Connection(patientServer.port())) {
            assertThat(connection
                            .send("POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n")
                            .drip())
                    .startsWith("HTTP/1.1 404 ");
        }
    }

    @Test
    @DisplayName("whose headers are too large is disconnected before it sends its body")
    void largeHeaders() {
        HttpSettings settings = HttpSettings.on(0).withBodyTime(Duration.ofMinutes(10));
        try (Server waiting = new Server(settings, BearerTokens.none());
                Connection connection = new Connection(waiting.port())) {
            String headers = ("X: " + "b".repeat(8000) + "\r\n").repeat(5);
            assertThat(connection
                            .send(POST + headers + "Content-Length: 1000\r\n\r\n")
                            .rest())
                    .startsWith("HTTP/1.1 431 ")
                    .contains("/problems/headers-too-large");
        }
    }

    @Test
    @DisplayName("that leaves in the middle of a request does not disturb other clients")
    void halfSent() {
        for (String half : List.of("GET /li", POST, POST + "Content-Length: 1000\r\n\r\nhalf")) {
            try (Connection connection = new Connection(server.port())) {
                connection.send(half).finish();
                assertThat(connection.rest()).doesNotContain("HTTP/1.1 200");
            }
        }
        assertThat(server.get("/livez").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 1000\r\n\r\nhalf", "Transfer-Encoding: chunked\r\n\r\nfff\r\nhalf"})
    @DisplayName("that leaves in the middle of a body counts as a bad request, not as a failure of the service")
    void interruptedBody(String half) {
        patientServer.refusals.clear();
        try (Connection connection = new Connection(patientServer.port())) {
            connection.send(POST + half).reset();
        }

        while (patientServer.refusals.isEmpty()) {
            LockSupport.parkNanos(PAUSE_NS);
        }

        assertThat(patientServer.refusals).containsExactly(new Server.Refused("request-invalid", 1));
    }

    @Test
    @DisplayName("cannot lock out other clients by opening all connections")
    void allConnections() {
        List<Connection> slow = Stream.generate(() -> new Connection(server.port()))
                .limit(2 * CONNECTIONS)
                .toList();
        List<CompletableFuture<String>> dripping = slow.stream()
                .map(connection ->
                        connection.send("GET /livez HTTP/1.1\r\nX-Slow: ").dripAside())
                .toList();

        assertThat(server.get("/livez").statusCode()).isEqualTo(200);

        dripping.forEach(CompletableFuture::join);
        slow.forEach(Connection::close);
    }

    @Test
    @DisplayName("that only receives events stays connected")
    void events() {
        try (Connection connection = new Connection(server.port())) {
            connection.send("GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(connection.readUntil("retry: 2000")).contains("text/event-stream");
            for (int heartbeats = 0; heartbeats < 20; heartbeats++) {
                connection.readUntil(":\n\n");
            }
        }
    }

    /** Waits in units of the server's timeouts, a few of which exceed the timeout for a head. */
    private static void awaitHeartbeats(int count) {
        try (Connection clock = new Connection(server.port())) {
            clock.send("GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
            for (int heartbeats = 0; heartbeats < count; heartbeats++) {
                clock.readUntil(":\n\n");
            }
        }
    }

    @Test
    @DisplayName("that reads a large response slowly gets all of it")
    void download() {
        byte[] images = new byte[600 * 64 * 64 * 3];
        byte[] batch = new NpzBytes()
                .array("images", "|u1", "(600, 3, 64, 64)", images)
                .integers("labels", new long[600])
                .toBytes();
        assertThat(server.post("/v1/samples", "application/x-npz", batch).statusCode())
                .isEqualTo(200);
        try (Connection connection = new Connection(server.port())) {
            connection.send("GET /v1/memory/sample?n=300 HTTP/1.1\r\nHost: localhost\r\n\r\n");
            String head = connection.readUntil("\r\n\r\n");
            awaitHeartbeats(15);
            connection.skip(Long.parseLong(
                    head.replaceAll("(?s).*Content-Length: (\\d+).*", "$1").strip()));
        }
    }
}
