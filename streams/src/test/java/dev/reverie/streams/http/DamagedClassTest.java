package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reverie.actors.store.StoreFile;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.streams.decode.Pictures;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A service with a damaged class")
@Timeout(300)
class DamagedClassTest {

    private Path folder;

    @AutoClose
    private ServerOnActors server;

    @BeforeEach
    void loseTheFirstEventsOfCat(@TempDir Path temporary) throws SQLException {
        folder = temporary;
        try (ServerOnActors whole = new ServerOnActors(folder, 10)) {
            assertThat(send(whole, "cat").statusCode()).isEqualTo(200);
            assertThat(send(whole, "dog").statusCode()).isEqualTo(200);
        }
        delete("class|0");
        server = new ServerOnActors(folder, 10);
    }

    private void delete(String persistenceId) throws SQLException {
        assertThat(StoreFile.in(folder)
                        .execute("DELETE FROM \"event_journal\" WHERE \"sequence_number\" = 1"
                                + " AND \"persistence_id\" = '" + persistenceId + "'"))
                .isEqualTo(1);
    }

    private static HttpResponse<byte[]> send(ServerOnActors server, String label) {
        return server.post("/v1/samples?label=" + label, "image/png", Pictures.greyPng(16, 16));
    }

    @Test
    @DisplayName("says in the list of classes which class is damaged")
    void list() {
        JsonNode classes = Server.json(server.get("/v1/classes"));

        assertThat(classes).hasSize(2);
        assertThat(classes.get(0).get("label").asText()).isEqualTo("cat");
        assertThat(classes.get(0).get("damaged").asBoolean()).isTrue();
        assertThat(classes.get(1).get("damaged").asBoolean()).isFalse();
        assertThat(classes.get(1).get("seen").asInt()).isEqualTo(1);
        assertThat(Server.json(server.get("/v1/classes/cat"))).isEqualTo(classes.get(0));
    }

    @Test
    @DisplayName("serves the memory of the other classes")
    void memory() {
        assertThat(NpzFile.read(server.get("/v1/memory").body(), "the memory")
                        .classes()
                        .names())
                .containsExactly("dog");
    }

    @Test
    @DisplayName("says that the store is damaged, not that the memory is empty, if no other class is left")
    void nothingElse() {
        assertThat(server.forget("dog").statusCode()).isEqualTo(204);

        assertPermanent(server.get("/v1/memory/sample"));
    }

    @Test
    @DisplayName("neither seals, shows, extends nor shortens the class, and does not ask the client to try again")
    void refuses() {
        assertPermanent(server.post("/v1/classes/cat/seal", "text/plain", new byte[0]));
        assertPermanent(server.withdraw("cat", "cat-1"));
        assertPermanent(send(server, "cat"));
        assertPermanent(server.get("/v1/memory/sample?classes=cat"));
        assertPermanent(server.get("/v1/classes/cat/images.png"));
    }

    private static void assertPermanent(HttpResponse<byte[]> response) {
        assertThat(Server.problem(response, 503, "store-damaged")).contains("restore", "forget");
        assertThat(response.headers().firstValue("Retry-After")).isEmpty();
    }

    @Test
    @DisplayName("can forget the class, which then starts again")
    void forgets() {
        assertThat(server.forget("cat").statusCode()).isEqualTo(204);
        assertThat(send(server, "cat").statusCode()).isEqualTo(200);

        JsonNode cat = Server.json(server.get("/v1/classes/cat"));
        assertThat(cat.get("damaged").asBoolean()).isFalse();
        assertThat(cat.get("seen").asInt()).isEqualTo(1);
    }
}
