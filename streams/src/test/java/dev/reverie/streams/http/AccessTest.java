package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.streams.decode.Pictures;
import dev.reverie.streams.service.InMemoryService;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    private static Server server;

    @BeforeAll
    static void start() {
        server = new Server(HttpSettings.on(0), TOKENS);
        server.send("/v1/samples?label=a", request -> request.header("Content-Type", "image/png")
                .header("Authorization", "Bearer camera")
                .POST(BodyPublishers.ofByteArray(Pictures.greyPng(2, 2))));
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @ParameterizedTest(name = "{0} {1}: cameras {2}, readers {3}, bosses {4}")
    @DisplayName("depends on the role of the token")
    @CsvSource({
        "POST,   /v1/samples,              415, 403, 415",
        "GET,    /v1/classes,              403, 200, 200",
        "GET,    /v1/classes/a,            403, 200, 200",
        "GET,    /v1/classes/a/images.png, 403, 200, 200",
        "GET,    /v1/memory,               403, 200, 200",
        "GET,    /v1/memory/sample,        403, 200, 200",
        "GET,    /v1/status,               403, 200, 200",
        "GET,    /v1/history,              403, 200, 200",
        "POST,   /v1/backup,               403, 403, 200",
        "GET,    /further,                 403, 200, 200",
        "POST,   /v1/classes/a/seal,       403, 403, 200",
        "DELETE, /v1/classes/b,            403, 403, 404"
    })
    void byRole(String method, String path, int camera, int reader, int boss) {
        assertThat(as("camera", method, path).statusCode()).isEqualTo(camera);
        assertThat(as("reader", method, path).statusCode()).isEqualTo(reader);
        assertThat(as("boss", method, path).statusCode()).isEqualTo(boss);
        Server.problem(as("stranger", method, path), 401, "unauthorized");
        HttpResponse<byte[]> nobody = server.send(path, request -> request.method(method, BodyPublishers.noBody()));
        Server.problem(nobody, 401, "unauthorized");
        assertThat(nobody.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"reverie\"");
    }

    private static HttpResponse<byte[]> as(String token, String method, String path) {
        return server.send(path, request -> request.header("Authorization", "Bearer " + token)
                .method(method, BodyPublishers.noBody()));
    }

    @Test
    @DisplayName("needs no token for health checks, and refuses other requests without reading their bodies")
    void open() {
        assertThat(server.get("/livez").statusCode()).isEqualTo(200);
        assertThat(server.get("/readyz").statusCode()).isEqualTo(200);
        Server.problem(server.post("/v1/samples", "image/png", new byte[1 << 20]), 401, "unauthorized");
        Server.problem(server.post("/livez", "text/plain", new byte[0]), 405, "method-not-allowed");
        Server.problem(server.get("/nowhere"), 404, "not-found");
    }

    @Test
    @DisplayName("is checked before an additional route runs, but after its path and methods")
    void additionalRoute() {
        // given
        server.furtherCalls.set(0);

        // when
        Server.problem(server.get("/further"), 401, "unauthorized");
        Server.problem(as("camera", "GET", "/further"), 403, "forbidden");
        Server.problem(server.post("/further", "text/plain", new byte[0]), 405, "method-not-allowed");

        // then
        assertThat(server.furtherCalls).hasValue(0);
        assertThat(as("reader", "GET", "/further").statusCode()).isEqualTo(200);
        assertThat(server.furtherCalls).hasValue(1);
    }

    @Test
    @DisplayName("is required for sending samples, and a request without it counts as refused")
    void counted() {
        server.refusals.clear();

        server.post("/v1/samples", "application/x-npz", new byte[9]);
        as("reader", "POST", "/v1/samples");
        as("stranger", "GET", "/v1/memory");
        as("camera", "POST", "/v1/samples?lable=cat");

        assertThat(server.refusals)
                .containsExactly(
                        new Server.Refused("unauthorized", 1),
                        new Server.Refused("forbidden", 1),
                        new Server.Refused("parameter-invalid", 1));
    }

    @Test
    @DisplayName("is checked before query parameters, so strangers do not learn which ones an operation has")
    void beforeParameters() {
        Server.problem(server.get("/v1/memory?fromat=png"), 401, "unauthorized");
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
        assertThat(TOKENS.rolesOf("camera")).containsExactly(TokenRole.INGEST);
        assertThat(TOKENS.rolesOf("boss")).isEqualTo(Set.of(TokenRole.values()));
        assertThat(TOKENS.rolesOf("")).isEmpty();
        assertThat(TOKENS.rolesOf(BearerTokens.digest("boss"))).isEmpty();
        assertThat(BearerTokens.none().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @DisplayName("refuses token files with invalid lines")
    @ValueSource(strings = {"ingest", "ingest secret", "boss 00", "ingest,boss " + ZEROS, "ingest" + ZEROS})
    void badLines(String line) {
        assertThatThrownBy(() -> BearerTokens.parse("\n" + line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 2 of the tokens is invalid");
    }

    private static final String ZEROS = "0000000000000000000000000000000000000000000000000000000000000000";

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
        return new SettingsBuilder().onAllInterfaces().insecure(insecure).build();
    }
}
