package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.gpu.dataset.TargetSize;
import dev.reverie.streams.decode.IngestLimits;
import dev.reverie.streams.decode.NpzBytes;
import dev.reverie.streams.decode.Pictures;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("Under overload")
@Timeout(60)
class OverloadTest {

    private static final long PAUSE_NS = 10_000_000;

    /** 1.2 MB of images, compressed to a few kilobytes. */
    private static final byte[] BATCH = new NpzBytes()
            .array("images", "|u1", "(1500, 28, 28)", new byte[1500 * 784])
            .texts("labels", Collections.nCopies(1500, "a"))
            .toBytes();

    @Test
    @DisplayName("the API defers bodies beyond its limit of pending bytes, and accepts them later")
    void bounded() {
        CompletableFuture<DeliveryOutcome> stalled = new CompletableFuture<>();
        try (Server server = new Server(tight(), BearerTokens.none());
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            server.service.replyWith(stalled);

            List<CompletableFuture<HttpResponse<byte[]>>> requests = Stream.generate(
                            () -> CompletableFuture.supplyAsync(
                                    () -> server.post("/v1/samples", "application/x-npz", BATCH), clients))
                    .limit(6)
                    .toList();
            HttpResponse<byte[]> refused = CompletableFuture.anyOf(requests.toArray(CompletableFuture[]::new))
                    .thenApply(_ -> requests.stream()
                            .filter(CompletableFuture::isDone)
                            .findFirst()
                            .map(CompletableFuture::join)
                            .orElseThrow())
                    .join();
            Server.problem(refused, 429, "overloaded");
            assertThat(refused.headers().firstValue("Retry-After")).contains("1");

            assertThat(server.pendingBytes()).isBetween(1L, 3L << 20);

            stalled.complete(new DeliveryOutcome.Accepted(1500, 0));

            assertThat(requests)
                    .extracting(request -> request.join().statusCode())
                    .containsOnly(200, 429);
            assertThat(server.pendingBytes()).isZero();
            assertThat(server.post("/v1/samples", "application/x-npz", BATCH).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    @DisplayName("a picture that is decoded all at once is deferred until its memory is free, and no other picture is")
    void progressive() {
        CompletableFuture<DeliveryOutcome> stalled = new CompletableFuture<>();
        HttpSettings resizing =
                tight().withResizing(Optional.of(new Resizing(new TargetSize(8, 8), Resizing.Fit.CROP)));
        byte[] progressive = Pictures.progressiveJpeg(1024, 1024); // 3 MiB of coefficients, as much as all may take
        try (Server server = new Server(resizing, BearerTokens.none());
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            server.service.replyNextWith(stalled);
            CompletableFuture<HttpResponse<byte[]>> small = CompletableFuture.supplyAsync(
                    () -> server.post("/v1/samples", "application/x-npz", BATCH), clients);
            while (server.service.deliveries().isEmpty()) {
                LockSupport.parkNanos(PAUSE_NS);
            }

            assertThat(statusOf(server, Pictures.jpeg(1024, 1024))).isEqualTo(200);
            assertThat(statusOf(server, Pictures.blackPng(1024, 1024))).isEqualTo(200);
            assertThat(statusOf(server, progressive)).isEqualTo(429);

            stalled.complete(new DeliveryOutcome.Accepted(1500, 0));
            assertThat(small.join().statusCode()).isEqualTo(200);
            server.awaitNothingPending();
            assertThat(statusOf(server, progressive)).isEqualTo(200);
        }
    }

    private static int statusOf(Server server, byte[] picture) {
        return server.post("/v1/samples?label=a", "image/*", picture).statusCode();
    }

    @Test
    @DisplayName("the API defers responses beyond its limit of pending bytes until clients read them or leave")
    void unread() {
        try (Server server = new Server(budget(18 << 20), BearerTokens.none())) {
            server.post("/v1/samples?label=a", "image/png", Pictures.greyPng(64, 64));
            try (Connection slow = new Connection(server.port())) {
                slow.send(sample(0)).readUntil("200 OK");

                HttpResponse<byte[]> refused = server.get("/v1/memory/sample?dtype=float32&n=1024");
                Server.problem(refused, 429, "overloaded");
                assertThat(refused.headers().firstValue("Retry-After")).contains("1");
                assertThat(server.get("/v1/memory/sample?n=64").statusCode()).isEqualTo(200);
            }
            while (server.get("/v1/memory/sample?dtype=float32&n=1024").statusCode() == 429) {
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }

    @Test
    @DisplayName(
            "clients that read arrays too slowly lose their connections, and meanwhile keep nobody from the classes")
    void slowReaders() {
        HttpSettings impatient = budget(18 << 20)
                .with(settings -> settings.answerTime(Duration.ofMillis(500)).answerRate(1 << 30));
        try (Server server = new Server(impatient, BearerTokens.none())) {
            server.post("/v1/samples?label=a", "image/png", Pictures.greyPng(64, 64));
            try (Connection slow = new Connection(server.port())) {
                String head = slow.send(sample(0)).readUntil("\r\n\r\n");
                long length = Long.parseLong(
                        head.replaceAll("(?s).*Content-Length: (\\d+).*", "$1").strip());

                assertThat(server.get("/v1/classes").statusCode()).isEqualTo(200);
                assertThat(server.get("/v1/history").statusCode()).isEqualTo(200);
                while (isRefused(server)) {
                    slow.skip(1);
                }
                assertThatThrownBy(() -> slow.skip(length))
                        .isInstanceOfAny(AssertionError.class, UncheckedIOException.class);
            }
        }
    }

    private static boolean isRefused(Server server) {
        try (Connection another = new Connection(server.port())) {
            return another.send(sample(1)).readUntil("\r\n").contains(" 429 ");
        }
    }

    @Test
    @DisplayName("300 clients that do not read hold no more than the limit, and stop neither ingest nor /livez")
    void readersThatDoNotRead() {
        byte[] image = Pictures.greyPng(64, 64);
        try (Server server = new Server(budget(36 << 20).withConnections(400), BearerTokens.none())) {
            server.post("/v1/samples?label=a", "image/png", image);
            List<Connection> idle = IntStream.range(0, 300)
                    .mapToObj(seed -> new Connection(server.port()).send(sample(seed)))
                    .toList();

            Map<String, Long> statuses = idle.stream()
                    .map(each -> each.readUntil("\r\n")
                            .substring("HTTP/1.1 ".length())
                            .substring(0, 3))
                    .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

            assertThat(statuses).containsOnly(entry("200", 2L), entry("429", 298L));
            assertThat(server.get("/livez").statusCode()).isEqualTo(200);
            assertThat(server.post("/v1/samples?label=b", "image/png", image).statusCode())
                    .isEqualTo(200);
            idle.forEach(Connection::close);
        }
    }

    @Test
    @DisplayName("the byte budget counts exactly, even if a reservation is resized or released twice")
    void counted() {
        ByteBudget budget = new ByteBudget(10);
        ByteBudget.Reservation first = budget.open(6).orElseThrow();
        assertThat(first.grow(6)).isTrue();

        assertThat(budget.open(5)).isEmpty();
        ByteBudget.Reservation second = budget.open(4).orElseThrow();
        assertThat(second.grow(4)).isTrue();
        assertThat(first.resize(7)).isFalse();
        assertThat(first.resize(2)).isTrue();
        assertThat(first.resize(6)).isTrue();
        first.release();
        first.release();
        assertThat(first.grow(1)).isFalse();
        assertThat(budget.open(7)).isEmpty();
        assertThat(budget.open(6)).isPresent();
    }

    @Test
    @DisplayName("announced bodies that have not arrived do not lock out other clients")
    void halfSent() {
        String head = """
                POST /v1/samples HTTP/1.1
                Host: localhost
                Content-Type: application/x-npz
                Content-Length: 1000000

                """.replace("\n", "\r\n");
        try (Server server = new Server(tight(), BearerTokens.none())) {
            List<Connection> idle = Stream.generate(() -> new Connection(server.port()).send(head))
                    .limit(6)
                    .toList();

            assertThat(server.post("/v1/samples", "application/x-npz", BATCH).statusCode())
                    .isEqualTo(200);
            idle.forEach(Connection::close);
        }
    }

    /** Returns settings that allow 3 pending bodies of the maximum size. */
    private static HttpSettings tight() {
        return budget(3 << 20).withBatchImages(64);
    }

    /** Returns settings of a server that holds so many bytes of deliveries, and as many of answers. */
    private static HttpSettings budget(int bytes) {
        return HttpSettings.on(0).with(settings -> settings.connections(64)
                .maxPendingBytes(bytes)
                .batchImages(1024)
                .limits(new IngestLimits(1 << 20, 4096, 1 << 16, 1 << 21, 2000, 128, 256, 1 << 20)));
    }

    /** Returns a request for 16 MiB of images. */
    private static String sample(int seed) {
        return "GET /v1/memory/sample?dtype=float32&n=1024&seed=" + seed + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }
}
