package dev.reverie.streams.http;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.ByteMutations;
import dev.reverie.streams.decode.NpzBytes;
import dev.reverie.streams.decode.Pictures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AfterProperty;

/** Sends mutated deliveries to a running service, and fewer than the decoder tests do because each takes longer. */
@Label("A running service accepts or refuses any delivery")
class SamplesFuzzTest {

    private static final int TRIES = 1000;

    /** Fewer, because the server waits for the rest of an incomplete request. */
    private static final int HEADS = 200;

    private static final int CLASSES = 4;
    private static final String SAMPLES = "/v1/samples";
    private static final byte[] PNG = Pictures.colourPng(8, 8);

    /** Statuses for an unknown method or HTTP version. */
    private static final Set<Integer> UNSUPPORTED = Set.of(501, 505);

    private static final Pattern STATUS = Pattern.compile("(?m)^HTTP/1\\.[01] (\\d{3}) ");

    /** A hundred times the time for the slowest response, so that only a hang takes longer. */
    private static final long SECONDS = 100;

    private static final Map<String, byte[]> VALID = Map.of(
            "image/png", PNG,
            "image/jpeg", Pictures.jpeg(8, 8),
            "application/x-npz", batch(),
            "application/x-ndjson", bytes(Pictures.line("cat", PNG) + Pictures.line("dog", PNG)),
            "text/plain", PNG);
    private static final List<String> TYPES = VALID.keySet().stream().sorted().toList();

    private static final ServerOnActors SERVER = start();
    private static final Server SHORT_TIMEOUTS = new Server(shortTimeouts(), BearerTokens.none());

    private static ServerOnActors start() {
        try {
            ServerOnActors server = new ServerOnActors(Files.createTempDirectory(Path.of("target"), "fuzz"), CLASSES);
            server.post(
                    SAMPLES + "?label=cat",
                    "image/png",
                    PNG); // fixes the image shape before the first mutation arrives
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpSettings shortTimeouts() {
        Duration timeout = Duration.ofSeconds(1);
        return new SettingsBuilder().headTime(timeout).bodyTime(timeout).build();
    }

    @AfterContainer
    static void stop() {
        SERVER.close();
        SHORT_TIMEOUTS.close();
    }

    @AfterProperty
    void stillServes() {
        assertThat(SERVER.post(SAMPLES + "?label=cat", "image/png", PNG).statusCode())
                .isEqualTo(200);
        assertThat(answerTo(Pictures.joined(head("image/png", PNG), PNG))).startsWith("HTTP/1.1 200 ");
        assertThat(SERVER.classes()).contains("cat").hasSizeLessThanOrEqualTo(CLASSES);
    }

    @Property(tries = TRIES, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    @Label("with a mutated body, label or id")
    void deliveries(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        String type = TYPES.get(random.nextInt(TYPES.size()));
        byte[] body = requireNonNull(VALID.get(type));
        String label = escaped(random.nextBoolean() ? bytes("cat") : ByteMutations.of(bytes("Kätzchen 7"), random));
        String id = random.nextBoolean() ? "" : "&id=" + escaped(ByteMutations.of(bytes("0123456789"), random));

        byte[] sent = random.nextInt(4) == 0 ? body : ByteMutations.of(body, random);
        HttpResponse<byte[]> answer = SERVER.post(SAMPLES + "?label=" + label + id, type, sent);

        if (answer.statusCode() != 200) {
            assertThat(answer.statusCode()).isIn(400, 409, 413, 415, 422, 429, 503);
            assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        }
    }

    @Property(tries = HEADS, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
    @Label("with a mutated head")
    void requests(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        String type = TYPES.get(random.nextInt(TYPES.size()));
        byte[] body = requireNonNull(VALID.get(type));

        String answer = answerTo(Pictures.joined(ByteMutations.of(head(type, body), random), body));

        assertThat(STATUS.matcher(answer).results().map(status -> Integer.parseInt(status.group(1))))
                .as(answer)
                .allMatch(status -> status < 500 || status == 503 || UNSUPPORTED.contains(status));
    }

    private static byte[] batch() {
        return new NpzBytes()
                .array("images", "|u1", "(2, 3, 8, 8)", new byte[2 * 3 * 8 * 8])
                .texts("labels", List.of("cat", "dog"))
                .toBytes();
    }

    private static byte[] head(String type, byte[] body) {
        return bytes("POST " + SAMPLES + "?label=cat HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Type: " + type + "\r\nContent-Length: " + body.length + "\r\n\r\n");
    }

    private static String answerTo(byte[] request) {
        try (Connection connection = new Connection(SHORT_TIMEOUTS.port())) {
            return CompletableFuture.supplyAsync(() -> exchanged(connection, request), Thread::startVirtualThread)
                    .orTimeout(SECONDS, TimeUnit.SECONDS)
                    .join();
        }
    }

    /** Returns the response, or an empty text if the server closes the connection before it has read everything. */
    private static String exchanged(Connection connection, byte[] request) {
        try {
            return connection.send(request).finish().rest();
        } catch (UncheckedIOException _) {
            return "";
        }
    }

    private static String escaped(byte[] text) {
        return text.length == 0 ? "" : "%" + HexFormat.ofDelimiter("%").formatHex(text);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
