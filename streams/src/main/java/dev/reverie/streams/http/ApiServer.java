package dev.reverie.streams.http;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.streams.history.History;
import dev.reverie.streams.ingest.Refusal;
import dev.reverie.streams.service.IngestListener;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.ReadListener;
import dev.reverie.streams.service.RecentRefusals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.ServerBuilder;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.Uri;
import org.apache.pekko.http.javadsl.model.headers.RawRequestURI;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;

/** The HTTP API of a running service. */
public final class ApiServer {

    private static final Pattern DOT_SEGMENT = Pattern.compile("[^?#]*/(?:\\.|%2[eE]){1,2}(?:[/?#].*)?");
    private static final Pattern AUTHORITY = Pattern.compile("^(?:\\w++:)?//[^/?#]*");

    private final ServerBinding binding;
    private final SharedKillSwitch events;
    private final ByteBudget pending;

    private ApiServer(ServerBinding binding, SharedKillSwitch events, ByteBudget pending) {
        this.binding = binding;
        this.events = events;
        this.pending = pending;
    }

    /**
     * The dependencies of the API.
     *
     * @param listener receives every refused or deferred delivery, and the time that decoding takes
     * @param tokens tokens with which clients authenticate, asked for at each request; if there are none, clients need
     *     no token. Whether there are any must not change
     * @param tls certificate and key for HTTPS, asked for at each new connection; if empty, the server uses HTTP
     * @param runbooks returns the text of the runbook of the alert with a name, if there is one
     * @param metrics serves the metrics; empty if they are not part of the API
     * @param refusals returns what this process has refused in the last hour
     */
    public record Dependencies(
            MemoryService service,
            History history,
            IngestListener listener,
            ReadListener readListener,
            Supplier<BearerTokens> tokens,
            Optional<Supplier<SSLContext>> tls,
            java.util.function.Function<String, Optional<String>> runbooks,
            Optional<java.util.function.Function<HttpRequest, CompletionStage<HttpResponse>>> metrics,
            Supplier<List<RecentRefusals.Group>> refusals) {}

    /**
     * Binds the address and starts serving requests.
     *
     * @return completes with the server; fails if the port is in use
     * @throws IllegalArgumentException if remote clients would have access without a token and the settings do not
     *     allow this access
     * @throws UncheckedIOException if the host cannot be resolved
     */
    public static CompletionStage<ApiServer> bind(
            ActorSystem<?> system, HttpSettings settings, Dependencies dependencies) {
        requireSafe(settings, dependencies.tokens().get());
        SharedKillSwitch events = KillSwitches.shared("http-events");
        ByteBudget pending = new ByteBudget(settings.maxPendingBytes());
        Function<HttpRequest, CompletionStage<HttpResponse>> handler =
                handler(system, settings, dependencies, pending, events);
        Flow<HttpRequest, HttpResponse, ?> connection = BidiFlow.fromGraph(
                        new RequestHeadTimeout(settings.headTime(), settings.keepAlive()))
                .join(untilClosed(handler));
        ServerBuilder server = Http.get(system)
                .newServerAt(settings.host(), settings.port())
                .withSettings(serverSettings(system.settings().config(), settings));
        return dependencies
                .tls()
                .map(tls -> server.enableHttps(ConnectionContext.httpsServer(() -> engine(tls.get()))))
                .orElse(server)
                .bindFlow(connection)
                .thenApply(binding -> new ApiServer(binding, events, pending));
    }

    /**
     * Returns the limits of Pekko's server, what it omits from responses, and its answer when it stops.
     *
     * @param config configuration of the actor system, which gives all other settings
     */
    private static ServerSettings serverSettings(Config config, HttpSettings settings) {
        Config own = ConfigFactory.parseString("""
            pekko.http.server {
              server-header = ""
              default-host-header = localhost # HTTP/1.0, which load balancers use for health checks, needs no Host
              max-connections = %2$d
              idle-timeout = %3$d ms
              request-timeout = infinite
              pipelining-limit = 1
              transparent-head-requests = on
              raw-request-uri-header = on
              parsing {
                error-handler = "%4$s"
                error-logging-verbosity = off
                illegal-header-warnings = off
                max-content-length = %1$d
                max-chunk-size = %1$d
                max-uri-length = 8k
                max-header-count = %5$d
                max-header-value-length = 8k
                modeled-header-parsing = off # the objects of a parsed header take many times the memory of its text
              }
            }
            """.formatted(
                        settings.limits().bodyBytes(),
                        settings.connections(),
                        settings.idleTime().toMillis(),
                        MalformedRequests.class.getName(),
                        MalformedRequests.MAX_HEADERS + 1)); // Pekko refuses a request that reaches its limit
        return ServerSettings.create(own.withFallback(config))
                .withTerminationDeadlineExceededResponse(Responses.secured(ProblemException.temporary(
                                ProblemType.NOT_READY,
                                "the service stopped before it could respond: send the request again after the"
                                        + " service has restarted")
                        .toResponse()));
    }

    /**
     * Handles the requests of a connection one at a time, and none after a response that closes the connection. Pekko
     * could pass on one more.
     */
    private static Flow<HttpRequest, HttpResponse, NotUsed> untilClosed(
            Function<HttpRequest, CompletionStage<HttpResponse>> handler) {
        return Flow.of(HttpRequest.class)
                .statefulMap(
                        AtomicBoolean::new,
                        (closed, request) -> Pair.create(closed, Pair.create(closed, request)),
                        _ -> Optional.empty())
                .takeWhile(received -> !received.first().get())
                .mapAsync(1, received -> handler.apply(received.second()).thenApply(response -> {
                    received.first().set(Responses.closesConnection(response));
                    return response;
                }));
    }

    private static SSLEngine engine(SSLContext tls) {
        SSLEngine engine = tls.createSSLEngine();
        engine.setUseClientMode(false);
        return engine;
    }

    public InetSocketAddress address() {
        return binding.localAddress();
    }

    /** Returns the size in bytes of the deliveries that have not been answered yet, as received or decoded. */
    public long pendingBytes() {
        return pending.used();
    }

    /**
     * Stops accepting requests, ends all event streams, and closes the server when all other requests have been
     * answered or {@code grace} is over.
     */
    public CompletionStage<Done> stop(Duration grace) {
        events.shutdown();
        return binding.terminate(grace).thenApply(_ -> Done.getInstance());
    }

    /**
     * Checks that remote clients need a token or that the settings allow insecure access.
     *
     * @throws IllegalArgumentException if remote clients would have access without a token
     * @throws UncheckedIOException if the host cannot be resolved, as when no name server responds yet
     */
    public static void requireSafe(HttpSettings settings, BearerTokens tokens) {
        try {
            boolean local = InetAddress.getByName(settings.host()).isLoopbackAddress();
            if (!local && tokens.isEmpty() && !settings.insecure()) {
                throw new IllegalArgumentException("without tokens, every client that reaches " + settings.host()
                        + " has full access: set reverie.http.host to 127.0.0.1, set reverie.http.tokens-file, or set"
                        + " reverie.http.insecure to true");
            }
        } catch (UnknownHostException e) {
            throw new UncheckedIOException(new IOException(
                    "cannot find the address of the host " + settings.host()
                            + ": check the name server, or set reverie.http.host to a host name or IP address of this"
                            + " machine",
                    e));
        }
    }

    private static Function<HttpRequest, CompletionStage<HttpResponse>> handler(
            ActorSystem<?> system,
            HttpSettings settings,
            Dependencies dependencies,
            ByteBudget pending,
            SharedKillSwitch events) {
        RequestBodies bodies = new RequestBodies(system, settings.limits(), settings.bodyTime());
        SampleEndpoint samples = new SampleEndpoint(system, settings, dependencies, bodies, pending);
        Function<HttpRequest, CompletionStage<HttpResponse>> routes = new Routes(
                        system, settings, dependencies, bodies, samples, events)
                .sealed()
                .function(system);
        return received -> {
            HttpRequest request = withPathAsSent(received);
            Optional<ReadListener.Read> read = readOf(request).map(dependencies.readListener()::begin);
            return routes.apply(request)
                    .thenApply(done -> measured(request, done, read, dependencies.listener()))
                    .thenCompose(done -> bodies.drain(request, done))
                    .thenApply(Responses::secured);
        };
    }

    /**
     * Returns the request with its path as it was sent. Pekko resolves the segments {@code .} and {@code ..}, even if
     * they are percent-encoded, but here they are labels: a request for the class {@code .} must not reach another one.
     */
    private static HttpRequest withPathAsSent(HttpRequest request) {
        String target =
                request.getHeader(RawRequestURI.class).map(HttpHeader::value).orElse("");
        HttpRequest sent = request.removeHeader("Raw-Request-URI"); // which counts as a header of the client otherwise
        return DOT_SEGMENT.matcher(target).matches()
                ? sent.withUri(Uri.create(AUTHORITY.matcher(target).replaceFirst("")))
                : sent;
    }

    private static Optional<ReadListener.Call> readOf(HttpRequest request) {
        if (!request.method().equals(HttpMethods.GET)) {
            return Optional.empty();
        }
        return switch (request.getUri().path()) {
            case "/v1/memory" -> Optional.of(ReadListener.Call.MEMORY);
            case "/v1/memory/sample" -> Optional.of(ReadListener.Call.SAMPLE);
            default -> Optional.empty();
        };
    }

    /**
     * Measures reads of the memory, and counts refused and deferred deliveries, at the point that every response
     * passes, because some requests are refused before they reach a route.
     */
    private static HttpResponse measured(
            HttpRequest request, HttpResponse response, Optional<ReadListener.Read> read, IngestListener listener) {
        read.ifPresent(begun -> begun.end(
                response.status().intValue(),
                response.entity().getContentLengthOption().orElse(0),
                response.getAttribute(Responses.CHANGED)));
        if (request.method().equals(HttpMethods.POST) && request.getUri().path().equals(Routes.SAMPLES)) {
            response.getAttribute(Responses.PROBLEM_TYPE).ifPresent(problem -> {
                if (problem.countsAsDeferred()) {
                    listener.deferred(IngestSource.HTTP, problem.label());
                } else {
                    Refusal refusal = response.getAttribute(ProblemException.REFUSAL)
                            .orElseGet(() -> new Refusal(problem.label(), problem.title(), 1));
                    listener.refused(new IngestListener.Refused(
                            IngestSource.HTTP, problem.label(), refusal.samples(), labelOf(request), refusal.detail()));
                }
            });
        }
        return response;
    }

    private static Optional<String> labelOf(HttpRequest request) {
        try {
            return request.getUri().query().get("label");
        } catch (IllegalUriException _) { // which is why it is refused
            return Optional.empty();
        }
    }
}
