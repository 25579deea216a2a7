package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.streams.service.InMemoryService;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The memory's history over HTTP")
class HistoryTest {

    @AutoClose
    private Server server;

    @BeforeEach
    void start() {
        InMemoryService service = new InMemoryService();
        service.admit(
                new Delivery(IngestSource.HTTP, List.of(sample("cat", 0), sample("dog", 255), sample("cat", 255))));
        server = Server.on(service);
    }

    @Test
    @DisplayName("lists its moments, and serves the images of each class as one immutable picture")
    void moments() throws IOException {
        JsonNode moment = server.firstMoment();

        assertThat(moment.get("inner_loops").asLong()).isEqualTo(7);
        assertThat(moment.get("classes").findValuesAsText("label")).containsExactly("cat", "dog");
        HttpResponse<byte[]> cats = server.get(picture(moment, 0));
        assertThat(cats.headers().firstValue("Cache-Control").orElseThrow()).contains("immutable");
        BufferedImage strip = ImageIO.read(new ByteArrayInputStream(cats.body()));
        assertThat(strip.getWidth()).isEqualTo(8 + 1 + 8);
        assertThat(strip.getHeight()).isEqualTo(8);
        assertThat(strip.getRGB(0, 0)).isEqualTo(0xff000000);
        assertThat(strip.getRGB(8, 0)).isEqualTo(0);
        assertThat(strip.getRGB(9, 0)).isEqualTo(0xffffffff);
    }

    @Test
    @DisplayName("contains no trace of a forgotten class, not even in earlier moments")
    void forgets() {
        JsonNode before = server.firstMoment();
        String cats = picture(before, 0);

        server.send("/v1/classes/cat", HttpRequest.Builder::DELETE);

        assertThat(Server.json(server.get("/v1/history/" + before.get("number")))
                        .get("classes")
                        .findValuesAsText("label"))
                .containsExactly("dog");
        Server.problem(server.get(cats), 404, "not-found");
    }

    @Test
    @DisplayName("has a point of the learning curves from the start, and a curve for each class")
    void curves() {
        JsonNode points = server.awaitNotEmpty("/v1/history/curves");

        assertThat(points.get(0).fieldNames())
                .toIterable()
                .containsExactly("at", "samples", "inner_loops", "matching_loss", "held_out_accuracy");
        assertThat(points.get(0).get("samples").asInt()).isEqualTo(3);
        assertThat(points.get(0).get("matching_loss").isNull()).isTrue();
        assertThat(points.get(0).get("held_out_accuracy").asDouble()).isEqualTo(0.75);
        assertThat(Server.json(server.get("/v1/history/curves/cat"))).isEmpty();
        Server.problem(server.get("/v1/history/curves/owl"), 404, "unknown-class");
    }

    @Test
    @DisplayName("reports an unknown moment or picture")
    void unknown() {
        Server.problem(server.get("/v1/history/1"), 404, "not-found");
        Server.problem(server.get("/v1/history/pictures/00.png"), 404, "not-found");
    }

    @Test
    @DisplayName("needs a token if the service has tokens, unlike the page")
    void guarded() {
        try (Server guarded = new Server(HttpSettings.on(0), BearerTokens.parse("read " + "0".repeat(64)))) {
            Server.problem(guarded.get("/v1/history"), 401, "unauthorized");
            assertThat(guarded.get("/").statusCode()).isEqualTo(200);
        }
    }

    private static String picture(JsonNode moment, int index) {
        return "/v1/history/pictures/"
                + moment.get("classes").get(index).get("picture").asText() + ".png";
    }

    private static Sample sample(String label, int level) {
        byte[] pixels = new byte[64];
        Arrays.fill(pixels, (byte) level);
        return new Sample(label, Optional.empty(), Image.of(new ImageShape(1, 8, 8), pixels));
    }
}
