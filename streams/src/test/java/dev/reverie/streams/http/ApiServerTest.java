package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The HTTP API")
class ApiServerTest {

    @AutoClose
    private final Server server = Server.start();

    @Test
    @DisplayName("reports the totals of the service")
    void status() {
        server.deliver("dog", "cat");

        assertThat(Server.json(server.get("/v1/status")).toString())
                .isEqualTo("{\"samples\":2,\"classes\":2,\"inner_loops\":7,\"outer_iterations\":2,"
                        + "\"uptime_seconds\":1.5,\"worker\":\"idle\","
                        + "\"held_out\":{\"accuracy\":0.75,\"images\":200,\"classes\":2,\"memory_classes\":3,"
                        + "\"taken\":\"1970-01-01T00:16:40Z\",\"tested\":\"1970-01-01T00:17:10Z\",\"age_seconds\":90.0},"
                        + "\"footprint\":null,"
                        + "\"node\":null,\"members\":1,\"refused\":[]}");
    }

    @Test
    @DisplayName("tells in the status what was refused, by reason, with the label and the message of the last example")
    void refusals() {
        String origin = "a<b>\u001b";
        for (int i = 0; i < 2; i++) {
            server.post("/v1/samples?label=a%3Cb%3E%1B", "image/png", new byte[] {1, 2});
        }

        JsonNode refused = Server.json(server.get("/v1/status")).get("refused");

        assertThat(refused).hasSize(1);
        assertThat(refused.at("/0/source").asText()).isEqualTo("http");
        assertThat(refused.at("/0/samples").intValue()).isEqualTo(2);
        assertThat(refused.at("/0/last/origin").asText()).isEqualTo(origin.replace("\u001b", "\\u001b"));
        assertThat(refused.at("/0/last/detail").asText()).isNotEmpty();
    }

    @Test
    @DisplayName("reports liveness and readiness, with the reasons if it is not ready")
    void health() {
        assertThat(server.get("/livez").statusCode()).isEqualTo(200);
        assertThat(server.get("/readyz").statusCode()).isEqualTo(200);
        assertThat(Server.json(server.get("/readyz?verbose")).findValuesAsText("name"))
                .containsExactly("store", "worker");

        server.service.breakStore("has not answered for 10 s");

        HttpResponse<byte[]> notReady = server.get("/readyz?verbose");
        assertThat(Server.problem(notReady, 503, "not-ready")).isEqualTo("store: has not answered for 10 s");
        assertThat(notReady.headers().firstValue("Retry-After")).contains("1");
        assertThat(server.get("/livez").statusCode()).isEqualTo(200);
    }

    @Test
    @DisplayName("reports no liveness if the service does not respond")
    void silence() {
        try (Server unresponsive =
                new Server(HttpSettings.on(0).withAnswerTime(Duration.ofMillis(50)), BearerTokens.none())) {
            assertThat(Server.json(unresponsive.get("/livez")).toString()).isEqualTo("{\"alive\":true}");

            unresponsive.service.stopReplying();

            Server.problem(unresponsive.get("/livez"), 503, "not-ready");
        }
    }

    @Test
    @DisplayName("explains each problem type at its own URL, and serves the metrics")
    void further() {
        for (ProblemType type : ProblemType.values()) {
            assertThat(Server.json(server.get("/problems/" + type.label()))
                            .get("status")
                            .asInt())
                    .as(type.label())
                    .isEqualTo(type.status().intValue());
        }
        Server.problem(server.get("/problems/none"), 404, "not-found");
        assertThat(server.get("/metrics").body()).asString().isEqualTo("more");
    }

    @Test
    @DisplayName("answers HEAD like GET, hides the server software, and forbids content sniffing")
    void headers() {
        server.deliver("dog");

        HttpResponse<byte[]> head = server.send("/v1/memory", request -> request.HEAD());

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValue("ETag")).isPresent();
        assertThat(head.headers().firstValue("Server")).isEmpty();
        assertThat(head.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    }

    @Test
    @DisplayName("keeps cookies as text, because as objects they would take many times the memory")
    void cookies() {
        server.send("/metrics", request -> request.header("Cookie", "a=b; c=d"));

        assertThat(server.scrapeHeaders)
                .filteredOn(header -> header.is("cookie"))
                .singleElement()
                .isInstanceOf(RawHeader.class)
                .extracting(HttpHeader::value)
                .isEqualTo("a=b; c=d");
    }

    @Test
    @DisplayName("does not report totals while the store is being read, but is alive")
    void loading() {
        server.service.startLoading();

        Server.problem(server.get("/v1/status"), 503, "not-ready");
        assertThat(server.get("/livez").statusCode()).isEqualTo(200);
    }
}
