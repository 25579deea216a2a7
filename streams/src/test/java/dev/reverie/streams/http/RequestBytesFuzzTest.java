package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.api.SilentCloseable;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;

@DisplayName("A running service answers or closes the connection")
class RequestBytesFuzzTest {

    /** Short, because the server waits for the rest of an incomplete request. */
    private static final Duration TIMEOUT = Duration.ofMillis(100);

    /** Statuses that do not blame the service: an unknown method, an unready service, an unknown HTTP version. */
    private static final Set<Integer> NOT_OURS = Set.of(501, 503, 505);

    private static final Pattern STATUS = Pattern.compile("(?m)^HTTP/1\\.[01] (\\d{3}) ");

    private static Server server;

    @BeforeAll
    static void start() {
        server = new Server(
                HttpSettings.on(0)
                        .with(settings ->
                                settings.headTime(TIMEOUT).keepAlive(TIMEOUT).bodyTime(TIMEOUT)),
                BearerTokens.none());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @FuzzTest
    @DisplayName("for any bytes, and then answers the next request")
    void request(byte[] bytes) {
        try (SilentCloseable _ = BugDetectors.allowNetworkConnections((_, port) -> port == server.port())) {
            assertThat(STATUS.matcher(answerTo(bytes)).results().map(status -> Integer.parseInt(status.group(1))))
                    .allMatch(status -> status < 500 || NOT_OURS.contains(status));
            assertThat(answerTo("GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII)))
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    /** Returns the response, or an empty text if the server closes the connection before it has read everything. */
    private static String answerTo(byte[] request) {
        try (Connection connection = new Connection(server.port())) {
            return connection.send(request).finish().rest();
        } catch (UncheckedIOException _) {
            return "";
        }
    }
}
