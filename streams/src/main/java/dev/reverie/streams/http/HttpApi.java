package dev.reverie.streams.http;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.intake.IngestSource;
import dev.reverie.streams.history.MemoryHistory;
import dev.reverie.streams.service.IngestListener;
import dev.reverie.streams.service.MemoryService;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.ServerBuilder;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;

/** A running service, listening on HTTP. */
public final class HttpApi {

    private static final Duration SOON = Duration.ofSeconds(1);

    private final ServerBinding binding;
    private final SharedKillSwitch events;
    private final ByteBudget inHand;

    private HttpApi(ServerBinding binding, SharedKillSwitch events, ByteBudget inHand) {
        this.binding = binding;
        this.events = events;
        this.inHand = inHand;
    }

    /**
     * What is offered, to whom.
     *
     * @param history of the memory of that service
     * @param listener is told of every delivery that is not taken in, and when one is decoded
     * @param tokens by which callers are known; without any, everyone may do everything
     * @param tls for HTTPS instead of HTTP
     * @param further addresses, for those who may read, for example metrics
     */
    public record Offer(
            MemoryService service,
            MemoryHistory history,
            IngestListener listener,
            BearerTokens tokens,
            Optional<SSLContext> tls,
            Route further) {}

    /**
     * Begins to listen.
     *
     * @return fails if the port is taken
     * @throws IllegalArgumentException if the host is unknown, or others than this machine could come without a token
     *     although nobody said so
     */
    public static CompletionStage<HttpApi> bind(ActorSystem<?> system, HttpSettings settings, Offer offer) {
        requireSafe(settings, offer.tokens());
        SharedKillSwitch events = KillSwitches.shared("http-events");
        ByteBudget inHand = new ByteBudget(settings.bytesInHand());
        Function<HttpRequest, CompletionStage<HttpResponse>> answering =
                answering(system, settings, offer, inHand, events);
        Flow<HttpRequest, HttpResponse, ?> connection = BidiFlow.fromGraph(
                        new RequestHeadTimeout(settings.headTime(), settings.keepAlive()))
                .join(Flow.of(HttpRequest.class).mapAsync(1, answering));
        ServerBuilder server = Http.get(system)
                .newServerAt(settings.host(), settings.port())
                .withSettings(serverSettings(system.settings().config(), settings));
        return offer.tls()
                .map(tls -> server.enableHttps(ConnectionContext.httpsServer(tls)))
                .orElse(server)
                .bindFlow(connection)
                .thenApply(binding -> new HttpApi(binding, events, inHand));
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return binding.localAddress();
    }

    /** Bytes of deliveries that are not answered yet, as they came or decoded. */
    public long bytesInHand() {
        return inHand.bytes();
    }

    /**
     * Takes no more requests, ends the streams of events, and closes when all others are answered or {@code grace} is
     * over.
     */
    public CompletionStage<Done> stop(Duration grace) {
        events.shutdown();
        return binding.terminate(grace).thenApply(_ -> Done.getInstance());
    }

    /**
     * Makes sure that others than this machine can come only with a token, or as someone said so.
     *
     * @throws IllegalArgumentException if they could, or if the host is unknown
     */
    public static void requireSafe(HttpSettings settings, BearerTokens tokens) {
        try {
            boolean local = InetAddress.getByName(settings.host()).isLoopbackAddress();
            if (!local && tokens.isEmpty() && !settings.insecure()) {
                throw new IllegalArgumentException(
                        "anyone who reaches " + settings.host()
                                + " could do everything: listen on 127.0.0.1, configure tokens, or say that it is to be insecure");
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("the host to listen on is unknown: " + settings.host(), e);
        }
    }

    private static Function<HttpRequest, CompletionStage<HttpResponse>> answering(
            ActorSystem<?> system, HttpSettings settings, Offer offer, ByteBudget inHand, SharedKillSwitch events) {
        MemoryService service = offer.service();
        ResponseDeadline deadline = new ResponseDeadline(settings.answerTime());
        MemoryEncoder encoding = new MemoryEncoder(workers(system, "encode"));
        AccessControl guard = new AccessControl(offer.tokens(), offer.tokens().isEmpty() && !settings.insecure());
        RequestBodies bodies = new RequestBodies(system, settings.limits(), settings.bodyTime());
        Function<HttpRequest, CompletionStage<HttpResponse>> routes = new Routes(
                        guard,
                        new SampleEndpoint(
                                offer, settings.limits(), bodies, inHand, workers(system, "decode"), deadline),
                        new ClassEndpoints(service, encoding, deadline, offer.history()),
                        new MemoryEndpoints(service, encoding, deadline, settings),
                        new StatusEndpoints(service, deadline, settings, events),
                        new HistoryEndpoints(offer.history()))
                .sealed(offer.further())
                .function(system);
        return request -> {
            Optional<HttpResponse> refusal = guard.atTheDoor(request);
            CompletionStage<HttpResponse> answer =
                    refusal.isPresent() ? CompletableFuture.completedStage(refusal.get()) : routes.apply(request);
            return answer.thenApply(found -> counted(request, found, offer.listener()))
                    .thenCompose(found -> bodies.readOut(request, found))
                    .thenApply(found -> found.addHeader(RawHeader.create("X-Content-Type-Options", "nosniff")));
        };
    }

    /** Here, where everything passes: a delivery may be refused before anybody looks at what it asks for. */
    private static HttpResponse counted(HttpRequest request, HttpResponse answer, IngestListener listener) {
        if (request.method().equals(HttpMethods.POST) && request.getUri().path().equals(Routes.SAMPLES)) {
            answer.getAttribute(Responses.TOLD)
                    .ifPresent(problem -> listener.refused(
                            IngestSource.HTTP,
                            problem.slug(),
                            answer.getAttribute(ProblemException.SAMPLES).orElse(1)));
        }
        return answer;
    }

    private static Executor workers(ActorSystem<?> system, String work) {
        return system.dispatchers().lookup(DispatcherSelector.fromConfig("reverie.http-" + work + "-dispatcher"));
    }

    private static ServerSettings serverSettings(Config config, HttpSettings settings) {
        Config own = ConfigFactory.parseString("""
                pekko.http.server {
                  server-header = ""
                  max-connections = %2$d
                  idle-timeout = %3$d ms
                  request-timeout = infinite
                  pipelining-limit = 1
                  transparent-head-requests = on
                  parsing {
                    error-handler = "%4$s"
                    error-logging-verbosity = off
                    illegal-header-warnings = off
                    max-content-length = %1$d
                    max-chunk-size = %1$d
                    max-uri-length = 8k
                    max-header-count = 64
                    max-header-value-length = 8k
                  }
                }
                """.formatted(
                        settings.limits().bodyBytes(),
                        settings.connections(),
                        settings.idleTime().toMillis(),
                        MalformedRequests.class.getName()));
        return ServerSettings.create(own.withFallback(config))
                .withTerminationDeadlineExceededResponse(ProblemException.passing(
                                ProblemType.NOT_READY,
                                "the service stopped before this was answered: ask again when it is back",
                                SOON)
                        .answer());
    }
}
