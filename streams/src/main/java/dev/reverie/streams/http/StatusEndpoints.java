package dev.reverie.streams.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.Readiness;
import dev.reverie.streams.service.ServiceEvent;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.headers.RetryAfter;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Tells how the service is, once or all the time. */
final class StatusEndpoints {

    private static final ContentType EVENTS = ContentTypes.create(MediaTypes.TEXT_EVENT_STREAM);
    private static final ByteString GREETING = ByteString.fromString("retry: 2000\n\n"); // milliseconds to reconnect
    private static final Duration LATER = Duration.ofSeconds(30);
    private static final ByteString HEARTBEAT = ByteString.fromString(":\n\n");

    private final MemoryService service;
    private final ResponseDeadline deadline;
    private final Duration heartbeat;
    private final int mostReaders;
    private final AtomicInteger readers = new AtomicInteger();
    private final SharedKillSwitch end;

    StatusEndpoints(MemoryService service, ResponseDeadline deadline, HttpSettings settings, SharedKillSwitch end) {
        this.service = service;
        this.deadline = deadline;
        this.heartbeat = settings.heartbeat();
        this.mostReaders = Math.ceilDiv(settings.connections(), 4);
        this.end = end;
    }

    CompletionStage<HttpResponse> totals() {
        return deadline.await(service.status()).thenApply(Responses::json);
    }

    /** Whether those answer who take in and coordinate, which they do at once, whatever they wait for. */
    CompletionStage<HttpResponse> alive() {
        return deadline.await(service.status())
                .thenApply(_ -> Responses.json(Map.of("alive", true)));
    }

    CompletionStage<HttpResponse> ready(HttpRequest request) {
        boolean verbose = QueryParameters.of(request).has("verbose");
        return deadline.await(service.readiness())
                .thenApply(readiness -> readiness.ready() ? ready(readiness, verbose) : notReady(readiness));
    }

    private static HttpResponse ready(Readiness readiness, boolean verbose) {
        return Responses.json(verbose ? readiness : Map.of("ready", true));
    }

    private static HttpResponse notReady(Readiness readiness) {
        String failed = readiness.checks().stream()
                .filter(check -> !check.passed())
                .map(check -> check.name() + ": " + check.detail())
                .collect(Collectors.joining("; "));
        NotReady body = new NotReady(Problem.of(ProblemType.NOT_READY, failed), readiness);
        return Responses.problem(ProblemType.NOT_READY, ProblemType.NOT_READY.status(), body)
                .addHeader(RetryAfter.create(1L));
    }

    /** A problem that shows every check beside its other members. */
    private record NotReady(
            @JsonUnwrapped Problem problem, @JsonUnwrapped Readiness readiness) {}

    /**
     * Server-sent events, until the reader goes or the service stops. Readers stay, so they get a quarter of the
     * connections: the rest is for those who come and go.
     */
    HttpResponse events(HttpRequest request) {
        Optional<Long> last = after(request);
        if (readers.incrementAndGet() > mostReaders) {
            readers.decrementAndGet();
            throw ProblemException.passing(
                    ProblemType.OVERLOADED,
                    "as many follow the events as may: ask /v1/status from time to time",
                    LATER);
        }
        Source<ByteString, NotUsed> events = service.events(last)
                .map(StatusEndpoints::written)
                .keepAlive(heartbeat, () -> HEARTBEAT)
                .prepend(Source.single(GREETING))
                .via(end.flow());
        return HttpResponse.create()
                .withEntity(
                        HttpEntities.createChunked(EVENTS, StreamLease.over(events, LATER, readers::decrementAndGet)))
                .addHeader(RawHeader.create("Cache-Control", "no-cache"));
    }

    private static Optional<Long> after(HttpRequest request) {
        try {
            return request.getHeader("Last-Event-ID").map(header -> Long.valueOf(header.value()));
        } catch (NumberFormatException _) {
            throw new ProblemException(
                    ProblemType.PARAMETER_INVALID,
                    "the header Last-Event-ID is not the number of an event: leave it out");
        }
    }

    private static ByteString written(ServiceEvent event) {
        String name = event.kind().name().toLowerCase(Locale.ROOT);
        return ByteString.fromString(
                "id: " + event.number() + "\nevent: " + name + "\ndata: " + ApiJson.text(event) + "\n\n");
    }
}
