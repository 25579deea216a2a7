package dev.reverie.deploy.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.store.StoreFile;
import dev.reverie.client.ReverieClient;
import dev.reverie.client.ReverieException;
import dev.reverie.deploy.RandomSamples;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A service with damaged classes in its store")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class DamagedClassTest {

    private Path store;

    @BeforeEach
    void fill(@TempDir Path folder) throws ReverieException {
        store = folder.resolve("store");
        try (RunningService service = start();
                ReverieClient client = ReverieClient.builder(service.address()).build()) {
            service.storeRead().toCompletableFuture().join();
            client.deliver(RandomSamples.of(0, 16, List.of("even", "odd")));
        }
    }

    @Test
    @DisplayName("is ready as long as one class works, and names the damaged class")
    void names() throws Exception {
        change("UPDATE \"event_journal\" SET \"event_payload\" = X'00' WHERE \"persistence_id\" = 'class|0'");

        try (RunningService service = start()) {
            service.storeRead().toCompletableFuture().join();

            HttpResponse<String> ready = get(service, "/readyz?verbose");
            assertThat(ready.statusCode()).isEqualTo(200);
            assertThat(ready.body())
                    .contains("\"name\":\"store\",\"passed\":true,\"detail\":\"damaged classes, which are not served:"
                            + " even\"");
            assertThat(get(service, "/metrics").body()).contains("reverie_store_damaged_classes 1.0");
        }
    }

    @Test
    @DisplayName("is not ready if no class works")
    void none() throws Exception {
        change("UPDATE \"event_journal\" SET \"event_payload\" = X'00' WHERE \"persistence_id\" = 'class|0'");
        change("DELETE FROM \"event_journal\" WHERE \"persistence_id\" = 'class|1'");

        try (RunningService service = start()) {
            service.storeRead().toCompletableFuture().join();

            HttpResponse<String> notReady = get(service, "/readyz?verbose");
            assertThat(notReady.statusCode()).isEqualTo(503);
            assertThat(notReady.body()).contains("store: damaged classes, which are not served: even, odd");
            assertThat(get(service, "/metrics").body()).contains("reverie_store_damaged_classes 2.0");
        }
    }

    @Test
    @DisplayName("raises the alarm if the list of classes is damaged, although it cannot count the classes")
    void damagedList() throws Exception {
        change("DELETE FROM \"event_journal\" WHERE \"persistence_id\" = 'registry' AND \"sequence_number\" = 1");

        try (RunningService service = start()) {
            HttpResponse<String> notReady = get(service, "/readyz?verbose");
            assertThat(notReady.statusCode()).isEqualTo(503);
            assertThat(notReady.body()).contains("store: the list of classes is damaged");
            assertThat(get(service, "/livez").statusCode()).isEqualTo(200);
            assertThat(get(service, "/metrics").body()).contains("reverie_store_damaged_classes 1.0");
        }
    }

    private void change(String statement) throws SQLException {
        assertThat(StoreFile.in(store).execute(statement)).isPositive();
    }

    private static HttpResponse<String> get(RunningService service, String path)
            throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(service.address().resolve(path)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private RunningService start() {
        return LocalService.start(store, Map.of());
    }
}
