package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceEvent.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The event stream of the HTTP API")
class EventStreamTest {

    @AutoClose
    private final Server server = Server.start();

    @Test
    @DisplayName("sends named and numbered events, and resumes after the last event that a client received")
    void events() throws IOException {
        server.service.publish(new ServiceEvent(1, Kind.CLASS, Instant.EPOCH, Map.of("label", "dog")));
        server.service.publish(new ServiceEvent(2, Kind.PROGRESS, Instant.EPOCH, Map.of("inner_loop", 3)));

        try (BufferedReader events =
                reader(server.uri("/v1/events").toURL().openConnection().getInputStream())) {
            assertThat(lines(events, 9))
                    .containsExactly(
                            "retry: 2000",
                            "",
                            "id: 1",
                            "event: class",
                            "data: {\"at\":\"1970-01-01T00:00:00Z\",\"label\":\"dog\"}",
                            "",
                            "id: 2",
                            "event: progress",
                            "data: {\"at\":\"1970-01-01T00:00:00Z\",\"inner_loop\":3}");
        }
        var resumed = server.uri("/v1/events").toURL().openConnection();
        resumed.setRequestProperty("Last-Event-ID", "1");
        assertThat(resumed.getContentType()).startsWith("text/event-stream");
        try (BufferedReader events = reader(resumed.getInputStream())) {
            assertThat(lines(events, 3)).endsWith("id: 2");
        }
        Server.problem(
                server.send("/v1/events", request -> request.header("Last-Event-ID", "x")), 400, "parameter-invalid");
    }

    @Test
    @DisplayName("ends when the server stops")
    void eventsEnd() throws IOException {
        try (BufferedReader events =
                reader(server.uri("/v1/events").toURL().openConnection().getInputStream())) {
            assertThat(lines(events, 2)).isNotEmpty();
            server.stop();
            assertThat(hasEnded(events)).isTrue();
        }
    }

    @Test
    @DisplayName("leaves connections free for other requests")
    void readersAreLimited() throws IOException {
        HttpSettings few = HttpSettings.on(0).withConnections(4);
        try (Server crowded = new Server(few, BearerTokens.none());
                BufferedReader first = reader(
                        crowded.uri("/v1/events").toURL().openConnection().getInputStream())) {
            assertThat(lines(first, 2)).isNotEmpty();

            HttpResponse<byte[]> second = crowded.get("/v1/events");

            Server.problem(second, 429, "overloaded");
            assertThat(second.headers().firstValue("Retry-After")).contains("30");
            assertThat(crowded.get("/livez").statusCode()).isEqualTo(200);
        }
    }

    /** Tells whether the stream has ended or its connection was reset. */
    private static boolean hasEnded(BufferedReader events) throws IOException {
        try {
            return events.readLine() == null;
        } catch (SocketException cut) {
            return true;
        }
    }

    private static BufferedReader reader(InputStream in) {
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    private static List<String> lines(BufferedReader reader, int count) {
        return Stream.generate(() -> {
                    try {
                        return reader.readLine();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .limit(count)
                .toList();
    }
}
