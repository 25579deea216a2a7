package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The HTTP API for classes")
class ClassEndpointsTest {

    @AutoClose
    private final Server server = Server.start();

    @Test
    @DisplayName("lists classes in order of arrival, and finds one by its percent-encoded name")
    void classes() {
        server.deliver("dog", "Tücher und mehr", "猫");

        JsonNode all = Server.json(server.get("/v1/classes"));
        JsonNode one = Server.json(server.get("/v1/classes/T%C3%BCcher%20und%20mehr"));

        assertThat(all.findValuesAsText("label")).containsExactly("dog", "Tücher und mehr", "猫");
        assertThat(one).isEqualTo(all.get(1));
        assertThat(one.toString())
                .isEqualTo("{\"label\":\"Tücher und mehr\",\"index\":1,\"phase\":\"collecting\",\"seen\":1,"
                        + "\"reservoir\":1,\"images\":1,\"inner_loops\":0,\"matching_loss\":null,"
                        + "\"updated\":\"1970-01-01T00:00:00Z\",\"seal_requested\":false,\"damaged\":false}");
        assertThat(server.get("/v1/classes/" + encoded("猫")).statusCode()).isEqualTo(200);
        assertThat(Server.problem(server.get("/v1/classes/nobody"), 404, "unknown-class"))
                .isEqualTo("the class 'nobody' does not exist: check the label in /v1/classes");
        Server.problem(server.get("/v1/classes/..%2F..%2Fetc%2Fpasswd"), 404, "unknown-class");
    }

    @Test
    @DisplayName("shows the images of a class as a picture")
    void classPicture() throws IOException {
        server.deliver("dog", "cat", "dog");

        HttpResponse<byte[]> picture = server.get("/v1/classes/dog/images.png");

        assertThat(picture.headers().firstValue("Content-Type")).contains("image/png");
        assertThat(picture.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(ImageIO.read(new ByteArrayInputStream(picture.body())).getWidth())
                .isGreaterThan(2 * 72);
        Server.problem(server.get("/v1/classes/owl/images.png"), 404, "unknown-class");
    }

    @Test
    @DisplayName("seals a class")
    void seals() {
        server.deliver("dog");

        JsonNode status =
                Server.json(server.send("/v1/classes/dog/seal", request -> request.POST(BodyPublishers.noBody())));

        assertThat(status.get("phase").asText()).isEqualTo("sealed");
        Server.problem(
                server.send("/v1/classes/owl/seal", request -> request.POST(BodyPublishers.noBody())),
                404,
                "unknown-class");
    }

    @Test
    @DisplayName("accepts a request to seal a class when it converges, shows it, and cancels it")
    void sealsWhenConverged() {
        server.deliver("dog");

        HttpResponse<byte[]> accepted = post("/v1/classes/dog/seal?when=converged");

        assertThat(accepted.statusCode()).isEqualTo(202);
        assertThat(Server.json(accepted)).isEqualTo(Server.json(server.get("/v1/classes/dog")));
        assertThat(Server.json(accepted).get("seal_requested").asBoolean()).isTrue();
        assertThat(Server.json(accepted).get("phase").asText()).isEqualTo("collecting");

        HttpResponse<byte[]> cancelled = delete("/v1/classes/dog/seal");

        assertThat(cancelled.statusCode()).isEqualTo(204);
        assertThat(cancelled.body()).isEmpty();
        assertThat(Server.json(server.get("/v1/classes/dog"))
                        .get("seal_requested")
                        .asBoolean())
                .isFalse();
    }

    @Test
    @DisplayName("refuses to cancel the seal of a sealed class, and requests for unknown classes or times")
    void refusesSeals() {
        server.deliver("dog");
        post("/v1/classes/dog/seal?when=now");

        assertThat(post("/v1/classes/dog/seal?when=converged").statusCode()).isEqualTo(200);
        Server.problem(delete("/v1/classes/dog/seal"), 409, "class-sealed");
        Server.problem(delete("/v1/classes/owl/seal"), 404, "unknown-class");
        Server.problem(post("/v1/classes/owl/seal?when=converged"), 404, "unknown-class");
        Server.problem(post("/v1/classes/dog/seal?when=later"), 400, "parameter-invalid");
    }

    private HttpResponse<byte[]> post(String path) {
        return server.send(path, request -> request.POST(BodyPublishers.noBody()));
    }

    private HttpResponse<byte[]> delete(String path) {
        return server.send(path, request -> request.DELETE());
    }

    @Test
    @DisplayName("forgets a class entirely")
    void forgets() {
        server.deliver("dog", "cat");

        HttpResponse<byte[]> first = server.send("/v1/classes/dog", request -> request.DELETE());

        assertThat(first.statusCode()).isEqualTo(204);
        assertThat(first.body()).isEmpty();
        Server.problem(server.send("/v1/classes/dog", request -> request.DELETE()), 404, "unknown-class");
        assertThat(Server.json(server.get("/v1/classes")).findValuesAsText("label"))
                .containsExactly("cat");
    }

    @Test
    @DisplayName("asks the client to retry, instead of denying a class, if the images of the class cannot be read")
    void unavailableClass() {
        server.deliver("cat", "dog");
        server.service.withholdImages("cat");

        Server.problem(server.get("/v1/classes/cat/images.png"), 503, "not-ready");
        Server.problem(server.get("/v1/memory/sample?classes=dog,cat"), 503, "not-ready");
        assertThat(server.get("/v1/memory/sample").statusCode()).isEqualTo(200);
    }

    private static String encoded(String label) {
        return URLEncoder.encode(label, StandardCharsets.UTF_8);
    }
}
