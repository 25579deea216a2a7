package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reverie.actors.Samples;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.streams.history.History;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.imageio.ImageIO;
import org.apache.pekko.Done;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The HTTP API for classes")
class ClassEndpointsTest {

    private static final History NO_HISTORY = new History() {
        @Override
        public CompletionStage<Optional<byte[]>> read(History.Query query) {
            return CompletableFuture.completedStage(Optional.empty());
        }

        @Override
        public long estimate(History.Query query) {
            return 0;
        }

        @Override
        public CompletionStage<Done> forget(String label) {
            return CompletableFuture.completedStage(Done.getInstance());
        }
    };

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
                        + "\"updated\":\"1970-01-01T00:00:00Z\",\"seal_requested\":false,\"damaged\":false,\"name\":null,"
                        + "\"coded_bytes\":"
                        + server.service.codedBytes(1).orElseThrow() + "}");
        assertThat(server.get("/v1/classes/" + encoded("猫")).statusCode()).isEqualTo(200);
        assertThat(Server.problem(server.get("/v1/classes/nobody"), 404, "unknown-class"))
                .isEqualTo("the class 'nobody' does not exist: check the label in /v1/classes");
        Server.problem(server.get("/v1/classes/..%2F..%2Fetc%2Fpasswd"), 404, "unknown-class");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/classes/./seal",
                "/v1/classes/%2E/seal",
                "/v1/classes/x/%2e%2E/seal",
                "http://localhost/v1/classes/./seal",
                "//localhost/v1/classes/./seal?",
                "/v1/samples/%2e/seal",
            })
    @DisplayName("takes dots in a path for a label, so that a request for one class never reaches another")
    void dotsAreLabels(String target) {
        server.deliver("seal");

        try (Connection connection = new Connection(server.port())) {
            assertThat(connection
                            .send("DELETE " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .rest())
                    .startsWith("HTTP/1.1 404 ");
        }
        assertThat(server.get("/v1/classes/seal").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/classes/%2E%2E", "/v1/classes/..", "/v1/classes/%20..", "/v1/classes/..?"})
    @DisplayName("finds a class whose label is dots, which may follow a space")
    void findsDots(String target) {
        server.deliver("..");

        assertThat(Server.json(server.get(target)).get("label").asText()).isEqualTo("..");
    }

    @Test
    @DisplayName("finds a class by a label of 512 characters, the longest that the configuration allows")
    void longestLabel() {
        Server.problem(server.get("/v1/classes/" + encoded("𝐀".repeat(512)) + "/images.png"), 404, "unknown-class");
    }

    @Test
    @DisplayName("asks the classes for a list only if there is space for it in the budget for answers")
    void budget() {
        Image image = Samples.images(1, 1).getFirst();
        server.service.admit(
                new Delivery( // 1.4 KB of JSON
                        IngestSource.HTTP, List.of(new Sample("猫".repeat(400), Optional.empty(), image))));
        ClassEndpoints endpoints = endpoints(new Answers(8 * 2500, Duration.ofSeconds(1), 1000)); // 2.5 KB are for JSON
        assertThat(endpoints.list()).isCompleted();
        int asked = server.service.listings();

        assertThatThrownBy(endpoints::list).isInstanceOf(ProblemException.class);

        assertThat(server.service.listings()).isEqualTo(asked);
    }

    private ClassEndpoints endpoints(Answers answers) {
        RequestBodies bodies =
                new RequestBodies(server.kit.system(), HttpSettings.on(0).limits(), Duration.ofSeconds(5));
        return new ClassEndpoints(
                server.service, bodies, answers, new ResponseDeadline(Duration.ofSeconds(5)), NO_HISTORY);
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
    @DisplayName("shows the display name of a class beside its label until the name is removed")
    void renames() {
        server.deliver("dog", "猫");

        JsonNode named = Server.json(rename("猫", "{\"name\": \" Katze 👩\\u200d🚀\"}"));

        assertThat(named.get("name").asText()).isEqualTo("Katze 👩\u200d🚀");
        assertThat(named).isEqualTo(Server.json(server.get("/v1/classes/" + encoded("猫"))));
        assertThat(Server.json(server.get("/v1/classes")).findValuesAsText("label"))
                .containsExactly("dog", "猫");
        assertThat(Server.json(server.get("/v1/classes")).get(1)).isEqualTo(named);
        assertThat(Server.json(rename("猫", "{\"name\": null}")).get("name").isNull())
                .isTrue();
        Server.problem(rename("owl", "{\"name\": \"Uhu\"}"), 404, "unknown-class");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "name",
                "{}",
                "[\"Hund\"]",
                "{\"name\": 7}",
                "{\"name\": \"\"}",
                "{\"name\": \" \"}",
                "{\"name\": \"a\\nb\"}",
                "{\"name\": \"a\\u202eb\"}",
                "{\"name\": \"a\", \"label\": \"b\"}",
                "{\"name\": \"a\"} {}"
            })
    @DisplayName("refuses a body without a display name that people can read, and says what to send")
    void refusesNames(String body) {
        server.deliver("dog");
        String longest = "😺".repeat(256);

        assertThat(Server.problem(rename("dog", body), 422, "name-invalid")).contains("1 to 256 characters");
        Server.problem(rename("dog", "{\"name\": \"" + longest + "a\"}"), 422, "name-invalid");
        assertThat(rename("dog", "{\"name\": \"" + longest + "\"}").statusCode())
                .isEqualTo(200);
    }

    private HttpResponse<byte[]> rename(String label, String body) {
        return server.send(
                "/v1/classes/" + encoded(label), request -> request.method("PATCH", BodyPublishers.ofString(body)));
    }

    @Test
    @DisplayName("withdraws a sample by its percent-encoded label and id, however often it is asked to")
    void withdraws() {
        List<Sample> samples = List.of(sample("Tücher 2", "camera 1/17"), sample("Tücher 2", "18"));
        server.service.admit(new Delivery(IngestSource.HTTP, samples));
        String path = "/v1/samples/T%C3%BCcher%202/";

        for (int i = 0; i < 2; i++) {
            HttpResponse<byte[]> withdrawn = delete(path + "camera%201%2F17");
            assertThat(withdrawn.statusCode()).isEqualTo(204);
            assertThat(withdrawn.body()).isEmpty();
        }

        assertThat(server.service.accepted("Tücher 2")).containsExactly(samples.get(1));
        Server.problem(delete(path + "18"), 409, "last-sample");
        Server.problem(delete(path + "19"), 404, "unknown-sample");
        Server.problem(delete("/v1/samples/owl/18"), 404, "unknown-class");
    }

    private static Sample sample(String label, String id) {
        return new Sample(
                label, Optional.of(id), Samples.images(1, id.hashCode()).getFirst());
    }

    @Test
    @DisplayName("merges a class into another one, which then has the samples of both")
    void merges() {
        List<Sample> samples = List.of(sample("Tücher", "1"), sample("Tücher", "2"), sample("Schals", "2"));
        server.service.admit(new Delivery(IngestSource.HTTP, samples));
        String path = "/v1/classes/T%C3%BCcher/merge?into=";

        Server.problem(post(path), 404, "unknown-class");
        Server.problem(post(path + "T%C3%BCcher"), 400, "parameter-invalid");
        Server.problem(post("/v1/classes/Schals/merge"), 400, "parameter-invalid");
        Server.problem(post("/v1/classes/owl/merge?into=Schals"), 404, "unknown-class");
        assertThat(Server.json(post(path + "Schals")).toString()).isEqualTo("{\"accepted\":1,\"duplicates\":1}");

        assertThat(server.service.accepted("Schals")).hasSize(2);
        Server.problem(post(path + "Schals"), 404, "unknown-class");
    }

    @Test
    @DisplayName("merges neither a sealed class, which has no images, nor into one, which accepts none")
    void refusesMerges() {
        server.deliver("dog", "cat");
        post("/v1/classes/dog/seal");

        Server.problem(post("/v1/classes/dog/merge?into=cat"), 409, "class-sealed");
        Server.problem(post("/v1/classes/cat/merge?into=dog"), 409, "class-sealed");
        assertThat(Server.json(server.get("/v1/classes"))).hasSize(2);
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
