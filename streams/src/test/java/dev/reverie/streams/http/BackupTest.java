package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.backup.BackupReader;
import dev.reverie.actors.backup.StoreRestore;
import dev.reverie.actors.store.Store;
import dev.reverie.streams.decode.Pictures;
import dev.reverie.streams.service.InMemoryService;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A backup over HTTP")
@Timeout(120)
class BackupTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String REQUEST = "POST /v1/backup HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";

    @Test
    @DisplayName("taken during ingest restores to a service that knows every sample acknowledged before it began")
    void holdsWhatWasAcknowledged(@TempDir Path original, @TempDir Path restored) throws Exception {
        byte[] backup;
        int acknowledged;
        try (ServerOnActors server = new ServerOnActors(original, 10)) {
            AtomicInteger sent = new AtomicInteger();
            AtomicBoolean enough = new AtomicBoolean();
            CountDownLatch begun = new CountDownLatch(30);
            CompletableFuture<Void> ingest = CompletableFuture.runAsync(() -> {
                while (!enough.get()) {
                    assertThat(send(server, sent.get())).isEqualTo("{\"accepted\":1,\"duplicates\":0}");
                    sent.incrementAndGet();
                    begun.countDown();
                }
            });
            assertThat(begun.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();

            acknowledged = sent.get();
            HttpResponse<byte[]> response = server.post("/v1/backup", "text/plain", new byte[0]);
            enough.set(true);
            ingest.join();

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type")).contains("application/x-reverie-backup");
            backup = response.body();
        }
        try (Store store = Store.inFolder(restored);
                BackupReader reader = new BackupReader(new ByteArrayInputStream(backup), "it")) {
            StoreRestore.restore(reader, store, _ -> {}, (_, _) -> {});
        }
        try (ServerOnActors server = new ServerOnActors(restored, 10)) {
            assertThat(server.classes()).contains("cat", "dog");
            for (int number = 0; number < acknowledged; number++) {
                assertThat(send(server, number)).isEqualTo("{\"accepted\":0,\"duplicates\":1}");
            }
        }
    }

    /** Sends a sample with an id of its own and returns the response. */
    private static String send(ServerOnActors server, int number) {
        String label = number % 2 == 0 ? "cat" : "dog";
        HttpResponse<byte[]> response =
                server.post("/v1/samples?label=" + label + "&id=" + number, "image/png", Pictures.greyPng(8, 8));
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Test
    @DisplayName("ends after the configured time, even if the client has stopped reading")
    void endsInTime() {
        InMemoryService service = new InMemoryService();
        service.backupWith(Source.repeat(ByteString.fromArray(new byte[1 << 16])));
        HttpSettings settings = HttpSettings.on(0).withBackupTime(Duration.ofMillis(200));
        try (Server server = new Server(service, settings, BearerTokens.none(), Optional.empty());
                Connection connection = new Connection(server.port())) {
            assertThat(connection.send(REQUEST).readUntil("\r\n")).startsWith("HTTP/1.1 200 ");

            assertThat(service.backupClosed()).succeedsWithin(LIMIT);
        }
    }

    @Test
    @DisplayName("ends when the client disconnects")
    void endsWithTheClient() {
        InMemoryService service = new InMemoryService();
        service.backupWith(Source.repeat(ByteString.fromArray(new byte[1 << 16])));
        try (Server server = Server.on(service)) {
            try (Connection connection = new Connection(server.port())) {
                assertThat(connection.send(REQUEST).readUntil("\r\n")).startsWith("HTTP/1.1 200 ");
                connection.reset();
            }
            assertThat(service.backupClosed()).succeedsWithin(LIMIT);
        }
    }

    @Test
    @DisplayName("that does not begin in time is refused, and closed when it begins later")
    void beginsLate() {
        InMemoryService service = new InMemoryService();
        CompletableFuture<Done> begins = new CompletableFuture<>();
        service.delayBackups(begins);
        HttpSettings settings = HttpSettings.on(0).withAnswerTime(Duration.ofMillis(200));
        try (Server server = new Server(service, settings, BearerTokens.none(), Optional.empty())) {
            HttpResponse<byte[]> response = server.send("/v1/backup", request -> request.POST(BodyPublishers.noBody()));

            Server.problem(response, 503, "not-ready");
            assertThat(service.backupClosed()).isNotDone();
            begins.complete(Done.getInstance());
            assertThat(service.backupClosed()).succeedsWithin(LIMIT);
        }
    }

    @Test
    @DisplayName("is closed when it has been sent")
    void isClosed() {
        InMemoryService service = new InMemoryService();
        try (Server server = Server.on(service)) {
            HttpResponse<byte[]> response = server.send("/v1/backup", request -> request.POST(BodyPublishers.noBody()));

            assertThat(response.body()).asString().isEqualTo("a backup");
            assertThat(service.backupClosed()).succeedsWithin(LIMIT);
        }
    }

    @Test
    @DisplayName("sends something at least every 15 s, since its client waits for a minute")
    void heartbeat() {
        HttpSettings settings = HttpSettings.on(0).withIdleTime(Duration.ofHours(1));

        assertThat(settings.withHeartbeat(Duration.ofSeconds(5)).backupHeartbeat())
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.withHeartbeat(Duration.ofMinutes(2)).backupHeartbeat())
                .isEqualTo(Duration.ofSeconds(15));
    }

    @Test
    @DisplayName("continues while the service reads its store for longer than the idle timeout")
    void outlastsTheIdleTimeout() {
        InMemoryService service = new InMemoryService();
        CompletableFuture<ByteString> rows = new CompletableFuture<>();
        service.backupWith(Source.single(ByteString.fromString("first")).concat(Source.completionStage(rows)));
        HttpSettings settings = HttpSettings.on(0)
                .with(times -> times.idleTime(Duration.ofSeconds(3)).heartbeat(Duration.ofMillis(100)));
        try (Server server = new Server(service, settings, BearerTokens.none(), Optional.empty());
                Connection connection = new Connection(server.port())) {
            connection.send(REQUEST).readUntil("first");

            for (int filler = 0; filler < 40; filler++) {
                connection.readUntil("\0");
            }
            rows.complete(ByteString.fromString("rows"));

            assertThat(connection.readUntil("rows")).contains("rows");
        }
    }
}
