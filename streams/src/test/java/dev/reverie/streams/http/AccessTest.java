package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.streams.http.BearerTokens.Role;
import dev.reverie.streams.service.InMemoryService;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Access by token")
class AccessTest {

    private static final BearerTokens TOKENS = BearerTokens.parse(
            """
            # who may do what
            ingest %s the cameras
            read   %s

            admin  %s
            """.formatted(BearerTokens.digest("camera"), BearerTokens.digest("reader"), BearerTokens.digest("boss")));

    private static final String ZEROS = "0000000000000000000000000000000000000000000000000000000000000000";

    @AutoClose
    private static final Server SERVER = new Server(HttpSettings.on(0), TOKENS);

    private static HttpResponse<byte[]> as(String token, String method, String path) {
        return SERVER.send(path, request -> request.header("Authorization", "Bearer " + token)
                .header("Last-Event-ID", "none") // an event stream would not end
                .method(method, BodyPublishers.noBody()));
    }

    @Test
    @DisplayName("needs no token for health checks, and refuses other requests without reading their bodies")
    void open() {
        assertThat(SERVER.get("/livez").statusCode()).isEqualTo(200);
        assertThat(SERVER.get("/readyz").statusCode()).isEqualTo(200);
        Server.problem(SERVER.post("/v1/samples", "image/png", new byte[1 << 20]), 401, "unauthorized");
        Server.problem(SERVER.post("/livez", "text/plain", new byte[0]), 405, "method-not-allowed");
        Server.problem(SERVER.get("/nowhere"), 404, "not-found");
    }

    @Test
    @DisplayName("is required to see why a readiness check fails, but not to see which one")
    void checks() {
        InMemoryService service = new InMemoryService();
        service.breakStore("damaged classes: cat");
        try (Server broken = new Server(service, HttpSettings.on(0), TOKENS, Optional.empty())) {
            for (String token : List.of("camera", "stranger")) {
                HttpResponse<byte[]> brief = ready(broken, token);
                assertThat(Server.problem(brief, 503, "not-ready"))
                        .isEqualTo("store fails: send a token with the role read to see why");
                assertThat(Server.json(brief).get("checks").toString())
                        .isEqualTo("[{\"name\":\"store\",\"passed\":false},{\"name\":\"worker\",\"passed\":true}]");
            }
            assertThat(Server.problem(ready(broken, "reader"), 503, "not-ready"))
                    .isEqualTo("store: damaged classes: cat");
        }
        assertThat(Server.json(SERVER.get("/readyz?verbose")).get("checks").findValues("detail"))
                .isEmpty();
    }

    private static HttpResponse<byte[]> ready(Server server, String token) {
        return server.send("/readyz", request -> request.header("Authorization", "Bearer " + token));
    }

    @Test
    @DisplayName("is checked before the metrics are read, but after their path and methods")
    void metrics() {
        SERVER.scrapes.set(0);

        Server.problem(SERVER.get("/metrics"), 401, "unauthorized");
        Server.problem(as("camera", "GET", "/metrics"), 403, "forbidden");
        Server.problem(SERVER.post("/metrics", "text/plain", new byte[0]), 405, "method-not-allowed");

        assertThat(SERVER.scrapes).hasValue(0);
        assertThat(as("reader", "GET", "/metrics").statusCode()).isEqualTo(200);
        assertThat(SERVER.scrapes).hasValue(1);
    }

    @Test
    @DisplayName("is required for sending samples, and a request without it counts as refused")
    void counted() {
        SERVER.refusals.clear();

        SERVER.post("/v1/samples", "application/x-npz", new byte[9]);
        as("reader", "POST", "/v1/samples");
        as("stranger", "GET", "/v1/memory");
        as("camera", "POST", "/v1/samples?lable=cat");

        assertThat(SERVER.refusals)
                .containsExactly(
                        new Server.Refused("unauthorized", 1),
                        new Server.Refused("forbidden", 1),
                        new Server.Refused("parameter-invalid", 1));
    }

    @Test
    @DisplayName("is checked before query parameters, so strangers do not learn which ones an operation has")
    void beforeParameters() {
        Server.problem(SERVER.get("/v1/memory?fromat=png"), 401, "unauthorized");
        Server.problem(as("camera", "GET", "/v1/memory?fromat=png"), 403, "forbidden");
        Server.problem(as("reader", "GET", "/v1/memory?fromat=png"), 400, "parameter-invalid");
    }

    @Test
    @DisplayName("is checked against the tokens that are valid at the time of the request")
    void revoked() {
        AtomicReference<BearerTokens> valid = new AtomicReference<>(TOKENS);
        try (Server changing = new Server(new InMemoryService(), HttpSettings.on(0), valid::get, Optional.empty())) {
            assertThat(status(changing, "reader")).isEqualTo(200);

            valid.set(BearerTokens.parse("read " + BearerTokens.digest("another")));

            assertThat(status(changing, "reader")).isEqualTo(401);
            assertThat(status(changing, "another")).isEqualTo(200);
        }
    }

    private static int status(Server server, String token) {
        return server.send("/v1/status", request -> request.header("Authorization", "Bearer " + token))
                .statusCode();
    }

    @Test
    @DisplayName("stores only the digests of tokens, and gives an admin every role")
    void tokens() {
        assertThat(TOKENS.rolesOf("camera")).containsExactly(Role.INGEST);
        assertThat(TOKENS.rolesOf("boss")).isEqualTo(Set.of(Role.values()));
        assertThat(TOKENS.rolesOf("")).isEmpty();
        assertThat(TOKENS.rolesOf(BearerTokens.digest("boss"))).isEmpty();
        assertThat(BearerTokens.none().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @DisplayName("refuses tokens files with invalid lines")
    @ValueSource(strings = {"ingest", "ingest secret", "boss 00", "ingest,boss " + ZEROS, "ingest" + ZEROS})
    void badLines(String line) {
        assertThatThrownBy(() -> BearerTokens.parse("\n" + line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2 of the tokens is invalid");
    }

    @Test
    @DisplayName("is required for listening on other interfaces, unless insecure access is allowed")
    void remoteClients() {
        assertThatThrownBy(() -> new Server(onAllInterfaces(false), BearerTokens.none()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("without tokens, every client that reaches 0.0.0.0 has full access: set reverie.http.host"
                        + " to 127.0.0.1, set reverie.http.tokens-file, or set reverie.http.insecure to true");
        try (Server insecure = new Server(onAllInterfaces(true), BearerTokens.none());
                Server guarded = new Server(onAllInterfaces(false), TOKENS)) {
            assertThat(insecure.get("/v1/status").statusCode()).isEqualTo(200);
            assertThat(guarded.get("/v1/status").statusCode()).isEqualTo(401);
        }
    }

    private static HttpSettings onAllInterfaces(boolean insecure) {
        return HttpSettings.on(0).with(settings -> settings.host("0.0.0.0").insecure(insecure));
    }
}
