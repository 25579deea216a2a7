package dev.reverie.streams.http;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.reverie.actors.backup.BackupStream;
import dev.reverie.streams.json.ApiJson;
import dev.reverie.streams.service.ClusterView;
import dev.reverie.streams.service.ClusterView.ClusterStatus;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.MemoryService.ServiceBackup;
import dev.reverie.streams.service.Readiness;
import dev.reverie.streams.service.RecentRefusals;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceStatus;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
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

/** Serves the status, the members of the cluster, the health checks, the events and the backup of the service. */
final class ServiceEndpoints {

    private static final ContentType EVENTS = ContentTypes.create(MediaTypes.TEXT_EVENT_STREAM);
    private static final ByteString GREETING = ByteString.fromString("retry: 2000\n\n"); // milliseconds to reconnect
    private static final ByteString HEARTBEAT = ByteString.fromString(":\n\n");
    private static final ContentType BACKUP =
            ContentTypes.create(MediaTypes.applicationBinary("x-reverie-backup", false, "backup"));
    private static final Duration RETRY_AFTER_CROWDED = Duration.ofSeconds(30);

    private final MemoryService service;
    private final Supplier<List<RecentRefusals.Group>> refusals;
    private final ResponseDeadline deadline;
    private final HttpSettings settings;
    private final int maxReaders;
    private final AtomicInteger readers = new AtomicInteger();
    private final SharedKillSwitch shutdown;

    ServiceEndpoints(
            MemoryService service,
            Supplier<List<RecentRefusals.Group>> refusals,
            ResponseDeadline deadline,
            HttpSettings settings,
            SharedKillSwitch shutdown) {
        this.service = service;
        this.refusals = refusals;
        this.deadline = deadline;
        this.settings = settings;
        this.maxReaders = Math.ceilDiv(settings.connections(), 4);
        this.shutdown = shutdown;
    }

    CompletionStage<HttpResponse> status() {
        return deadline.await(service.status()).thenApply(this::ofNode).thenApply(Responses::json);
    }

    private NodeStatus ofNode(ServiceStatus totals) {
        Optional<ClusterView> cluster = service.cluster();
        return new NodeStatus(
                totals,
                cluster.map(ClusterView::node),
                cluster.map(ClusterView::members).orElse(1),
                refusals.get());
    }

    /**
     * The totals of the service and the node that reports them.
     *
     * @param node address of the node; empty for a single process
     * @param refused what the node has refused in the last hour
     */
    private record NodeStatus(
            @JsonUnwrapped ServiceStatus totals,
            Optional<String> node,
            int members,
            List<RecentRefusals.Group> refused) {}

    CompletionStage<HttpResponse> cluster() {
        CompletionStage<ClusterStatus> found = service.cluster()
                .map(ClusterView::status)
                .orElseGet(() -> service.status().thenApply(totals -> ClusterStatus.ofProcess(totals.classes())));
        return deadline.await(found).thenApply(Responses::json);
    }

    /**
     * Succeeds if the intake and the coordinator respond. They do so immediately, even while they wait for the store.
     */
    CompletionStage<HttpResponse> livez() {
        return deadline.await(service.ping()).thenApply(_ -> Responses.json(Map.of("alive", true)));
    }

    /**
     * Runs the readiness checks.
     *
     * @param detailed whether the client may see the details, or only the names and results of the checks
     */
    CompletionStage<HttpResponse> readyz(HttpRequest request, boolean detailed) {
        boolean verbose = QueryParameters.of(request).text("verbose").isPresent();
        return deadline.await(service.readiness())
                .thenApply(readiness -> detailed ? readiness : readiness.withoutDetails())
                .thenApply(readiness -> readiness.ready() ? ready(readiness, verbose) : notReady(readiness, detailed));
    }

    private static HttpResponse ready(Readiness readiness, boolean verbose) {
        return Responses.json(verbose ? readiness : Map.of("ready", true));
    }

    private static HttpResponse notReady(Readiness readiness, boolean detailed) {
        String failed = readiness.checks().stream()
                .filter(check -> !check.passed())
                .map(check -> detailed ? check.name() + ": " + check.detail() : check.name() + " fails")
                .collect(Collectors.joining("; ", "", detailed ? "" : ": send a token with the role read to see why"));
        NotReady body = new NotReady(ProblemType.NOT_READY.problem(failed), readiness);
        return Responses.problem(ProblemType.NOT_READY, ProblemType.NOT_READY.status(), body)
                .addHeader(RetryAfter.create(ProblemException.RETRY_AFTER.toSeconds()));
    }

    /** The body of a problem that also contains the results of the readiness checks. */
    private record NotReady(
            @JsonUnwrapped ProblemType.Problem problem,
            @JsonUnwrapped Readiness readiness) {}

    /**
     * Streams server-sent events until the client disconnects or the service stops. At most a quarter of the
     * connections may read events, because these connections stay open.
     */
    HttpResponse events(HttpRequest request) {
        Optional<Long> last = lastEventId(request);
        if (readers.incrementAndGet() > maxReaders) {
            readers.decrementAndGet();
            throw ProblemException.temporary(
                    ProblemType.OVERLOADED,
                    "too many clients are reading /v1/events: try again after the time in Retry-After, or poll"
                            + " /v1/status",
                    RETRY_AFTER_CROWDED);
        }
        Source<ByteString, NotUsed> events = service.events(last)
                .map(ServiceEndpoints::format)
                .keepAlive(settings.heartbeat(), () -> HEARTBEAT)
                .prepend(Source.single(GREETING))
                .via(shutdown.flow());
        return HttpResponse.create()
                .withEntity(HttpEntities.createChunked(
                        EVENTS, Responses.releasing(events, Responses.START_TIMEOUT, readers::decrementAndGet)))
                .addHeader(RawHeader.create("Cache-Control", "no-cache"));
    }

    private static Optional<Long> lastEventId(HttpRequest request) {
        try {
            return request.getHeader("Last-Event-ID").map(header -> Long.valueOf(header.value()));
        } catch (NumberFormatException _) {
            throw new ProblemException(
                    ProblemType.PARAMETER_INVALID,
                    "the header Last-Event-ID is not the id of an event: send the id of the last event received, a"
                            + " whole number, or omit the header");
        }
    }

    private static ByteString format(ServiceEvent event) {
        String name = event.kind().name().toLowerCase(Locale.ROOT);
        return ByteString.fromString(
                "id: " + event.number() + "\nevent: " + name + "\ndata: " + ApiJson.text(event) + "\n\n");
    }

    /**
     * Streams a backup of the store. If the backup pauses, as while the service verifies its store, bytes without
     * meaning are sent, so that nobody takes the connection for broken. A backup that takes too long is cut, since the
     * database keeps deleted rows for as long as it runs.
     */
    CompletionStage<HttpResponse> backup() {
        CompletionStage<ServiceBackup> begun = service.backup();
        return deadline.await(begun)
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        begun.thenAccept(ServiceBackup::close); // it may begin later, when nobody reads it
                    }
                })
                .thenApply(this::send);
    }

    private HttpResponse send(ServiceBackup backup) {
        Source<ByteString, NotUsed> content = backup.content()
                .prefixAndTail(1)
                .flatMapConcat(parts -> Source.from(parts.first())
                        .concat(parts.second().keepAlive(settings.backupHeartbeat(), () -> BackupStream.FILLER)))
                .completionTimeout(settings.backupTime());
        return HttpResponse.create()
                .withEntity(HttpEntities.createChunked(
                        BACKUP, Responses.releasing(content, Responses.START_TIMEOUT, backup::close)))
                .addHeader(Responses.NO_STORE)
                .addHeader(RawHeader.create("Content-Disposition", "attachment; filename=\"reverie.backup\""));
    }
}
