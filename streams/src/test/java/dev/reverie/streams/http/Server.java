package dev.reverie.streams.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.streams.decode.NpzBytes;
import dev.reverie.streams.history.MemoryHistory;
import dev.reverie.streams.service.InMemoryService;
import dev.reverie.streams.service.IngestListener;
import dev.reverie.streams.service.ReadListener;
import dev.reverie.streams.service.RecentRefusals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.http.javadsl.model.HttpHeader;

/** The HTTP API on a free port with a service in memory, and a client for it. */
final class Server implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    final InMemoryService service;
    final List<Refused> refusals = new CopyOnWriteArrayList<>();
    /** The reasons of deferred deliveries. */
    final List<String> deferrals = new CopyOnWriteArrayList<>();
    /** Number of bodies that were decoded or undecodable. */
    final AtomicInteger decoded = new AtomicInteger();
    /** Number of times that the metrics were read. */
    final AtomicInteger scrapes = new AtomicInteger();
    /** The headers of the requests for the metrics. */
    final List<HttpHeader> scrapeHeaders = new CopyOnWriteArrayList<>();

    final ActorTestKit kit = ActorTestKit.create("http", ConfigFactory.load());
    private final ApiServer api;
    private final Caller caller;

    /** The reads of the memory. */
    final List<ReadAnswer> reads = new CopyOnWriteArrayList<>();

    /** The reported answer to a read. */
    record ReadAnswer(ReadListener.Call call, int status, long bytes, Optional<Instant> changed) {}

    private final RecentRefusals recent = new RecentRefusals(InstantSource.system());

    /** The reported refusal of a delivery. */
    record Refused(String reason, int samples) {}

    Server(HttpSettings settings, BearerTokens tokens) {
        this(settings, tokens, Optional.empty());
    }

    Server(HttpSettings settings, BearerTokens tokens, Optional<SSLContext> tls) {
        this(new InMemoryService(), settings, tokens, tls);
    }

    Server(InMemoryService service, HttpSettings settings, BearerTokens tokens, Optional<SSLContext> tls) {
        this(service, settings, () -> tokens, tls.map(context -> () -> context));
    }

    /** Starts the API with tokens and a certificate that can change. */
    Server(
            InMemoryService service,
            HttpSettings settings,
            Supplier<BearerTokens> tokens,
            Optional<Supplier<SSLContext>> tls) {
        this.service = service;
        api = ApiServer.bind(
                        kit.system(),
                        settings,
                        new ApiServer.Dependencies(
                                service,
                                MemoryHistory.start(service, InstantSource.system(), System::nanoTime, kit.system()),
                                listener(),
                                this::read,
                                tokens,
                                tls,
                                Server::runbook,
                                Optional.of(this::metrics),
                                recent::lastHour))
                .toCompletableFuture()
                .join();
        caller = new Caller(port());
    }

    private CompletionStage<org.apache.pekko.http.javadsl.model.HttpResponse> metrics(
            org.apache.pekko.http.javadsl.model.HttpRequest request) {
        scrapes.incrementAndGet();
        request.getHeaders().forEach(scrapeHeaders::add);
        return CompletableFuture.completedStage(
                org.apache.pekko.http.javadsl.model.HttpResponse.create().withEntity("more"));
    }

    private ReadListener.Read read(ReadListener.Call call) {
        return (status, bytes, changed) -> reads.add(new ReadAnswer(call, status, bytes, changed));
    }

    private static Optional<String> runbook(String name) {
        return name.equals("ReverieDown") ? Optional.of("# ReverieDown\n") : Optional.empty();
    }

    private IngestListener listener() {
        return new IngestListener() {
            @Override
            public void refused(IngestListener.Refused refused) {
                recent.add(refused);
                refusals.add(new Server.Refused(refused.reason(), refused.samples()));
            }

            @Override
            public void deferred(IngestSource source, String reason) {
                deferrals.add(reason);
            }

            @Override
            public DecodeTimer decoding(IngestSource source) {
                assertThat(source).isEqualTo(IngestSource.HTTP);
                return decoded::incrementAndGet;
            }
        };
    }

    static Server start() {
        return new Server(HttpSettings.on(0), BearerTokens.none());
    }

    /** Starts the API with the given service. */
    static Server on(InMemoryService service) {
        return new Server(service, HttpSettings.on(0), BearerTokens.none(), Optional.empty());
    }

    final long pendingBytes() {
        return api.pendingBytes();
    }

    /** Waits until no request holds bytes, which are released just after a client has its answer. */
    final void awaitNothingPending() {
        while (pendingBytes() > 0) {
            Thread.onSpinWait();
        }
    }

    final int port() {
        return api.address().getPort();
    }

    URI uri(String path) {
        return caller.uri(path);
    }

    HttpResponse<byte[]> get(String path) {
        return caller.get(path);
    }

    HttpResponse<byte[]> post(String path, String type, byte[] body) {
        return caller.post(path, type, body);
    }

    HttpResponse<byte[]> send(String path, UnaryOperator<HttpRequest.Builder> request) {
        return caller.send(path, request);
    }

    /** Delivers one image for each label. */
    void deliver(String... labels) {
        byte[] batch = NpzBytes.greyImages(List.of(labels)).toBytes();
        assertThat(post("/v1/samples", "application/x-npz", batch).statusCode()).isEqualTo(200);
    }

    static JsonNode json(HttpResponse<byte[]> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Checks a problem response and returns its detail. */
    static String problem(HttpResponse<byte[]> response, int status, String slug) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        JsonNode problem = json(response);
        assertThat(problem.get("type").asText()).isEqualTo("/problems/" + slug);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("title").asText()).isNotBlank();
        String detail = problem.get("detail").asText();
        assertThat(detail).isNotBlank().doesNotContain("Exception", "dev.reverie", "/tmp", "/root", "\n");
        return detail;
    }

    /** Waits for the first moment of the history and returns it. */
    JsonNode firstMoment() {
        JsonNode moments = awaitNotEmpty("/v1/history");
        return json(get("/v1/history/" + moments.get(0).get("number").asLong()));
    }

    /** Waits until a list has elements and returns it. */
    JsonNode awaitNotEmpty(String path) {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (System.nanoTime() < deadline) {
            JsonNode list = json(get(path));
            if (!list.isEmpty()) {
                return list;
            }
        }
        throw new AssertionError(path + " stayed empty");
    }

    void stop() {
        api.stop(Duration.ofSeconds(5)).toCompletableFuture().join();
    }

    @Override
    public void close() {
        caller.close();
        stop();
        kit.shutdownTestKit();
    }
}
