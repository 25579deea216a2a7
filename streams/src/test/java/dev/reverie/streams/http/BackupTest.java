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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A backup over HTTP")
@Timeout(120)
class BackupTest {

    private static final String REQUEST = "POST /v1/backup HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";

    @Test
    @DisplayName("taken during ingest restores to a service that knows every sample acknowledged before it began")
    void holdsWhatWasAcknowledged(@TempDir Path original, @TempDir Path restored) throws Exception {
        byte[] backup;
        int acknowledged;
        try (ServerOnActors server = new ServerOnActors(original, 10)) {
            // given
            AtomicInteger sent = new AtomicInteger();
            AtomicBoolean enough = new AtomicBoolean();
            CompletableFuture<Void> ingest = CompletableFuture.runAsync(() -> {
                while (!enough.get()) {
                    assertThat(send(server, sent.get())).isEqualTo("{\"accepted\":1,\"duplicates\":0}");
                    sent.incrementAndGet();
                }
            });
            while (sent.get() < 30 && !ingest.isDone()) {
                Thread.onSpinWait();
            }

            // when
            acknowledged = sent.get();
            HttpResponse<byte[]> response = server.post("/v1/backup", "text/plain", new byte[0]);
            enough.set(true);
            ingest.join();

            // then
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type")).contains("application/x-reverie-backup");
            backup = response.body();
        }
        try (Store store = Store.inFolder(restored);
                BackupReader reader = new BackupReader(new ByteArrayInputStream(backup), "it")) {
            StoreRestore.restore(reader, store);
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
        // given
        InMemoryService service = new InMemoryService();
        service.backupWith(Source.repeat(ByteString.fromArray(new byte[1 << 16])));
        HttpSettings settings =
                new SettingsBuilder().backupTime(Duration.ofMillis(200)).build();
        try (Server server = new Server(service, settings, BearerTokens.none(), Optional.empty());
                Connection connection = new Connection(server.port())) {
            // when
            assertThat(connection.send(REQUEST).readUntil("\r\n")).startsWith("HTTP/1.1 200 ");

            // then
            while (service.openBackups() > 0) {
                Thread.onSpinWait();
            }
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
            while (service.openBackups() > 0) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    @DisplayName("is closed when it has been sent")
    void isClosed() {
        InMemoryService service = new InMemoryService();
        try (Server server = Server.on(service)) {
            HttpResponse<byte[]> response = server.send("/v1/backup", request -> request.POST(BodyPublishers.noBody()));

            assertThat(response.body()).asString().isEqualTo("a backup");
            while (service.openBackups() > 0) {
                Thread.onSpinWait();
            }
        }
    }
}
