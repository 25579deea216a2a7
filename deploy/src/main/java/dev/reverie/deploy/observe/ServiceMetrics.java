package dev.reverie.deploy.observe;

import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.run.AddressUnavailableException;
import dev.reverie.monitoring.ClassTelemetry;
import dev.reverie.monitoring.EvaluationMetrics;
import dev.reverie.monitoring.LearningMetrics;
import dev.reverie.monitoring.MemoryMetrics;
import dev.reverie.monitoring.MetricRegistrar;
import dev.reverie.monitoring.MetricsExposition;
import dev.reverie.streams.service.ClusterView;
import dev.reverie.streams.service.IngestListener;
import dev.reverie.streams.service.ReadListener;
import dev.reverie.streams.service.RecentRefusals;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;

/**
 * Collects the metrics of a service from its telemetry, its deliveries and reads, and its parts. Each part is
 * registered at most once; what it is asked at each scrape must return quickly.
 */
public final class ServiceMetrics {

    private final MetricsExposition exposition = new MetricsExposition();
    private final MetricRegistrar registrar = new MetricRegistrar(exposition.registry());
    private final LearningMetrics learning;
    private final EvaluationMetrics evaluation;
    private final RecentRefusals refusals;
    private final IngestMetrics ingest;
    private final ReadMetrics reads;
    private final ClassTelemetry classTelemetry;
    private final int maxClassSeries;
    private final InstantSource steadyClock;

    /**
     * Creates metrics without values.
     *
     * @param maxClassSeries maximum number of classes with time series of their own, at least 0
     * @param clock tells the age of representatives and of the memory that is handed out
     * @param steadyClock measures all other durations
     */
    public ServiceMetrics(int maxClassSeries, InstantSource clock, InstantSource steadyClock) {
        this.learning = new LearningMetrics(exposition.registry(), steadyClock);
        this.evaluation = new EvaluationMetrics(exposition.registry(), maxClassSeries);
        this.classTelemetry = new ClassTelemetry(clock);
        this.refusals = new RecentRefusals(clock);
        this.ingest = new IngestMetrics(registrar, steadyClock, classTelemetry, refusals);
        this.reads = new ReadMetrics(registrar, clock, steadyClock);
        this.maxClassSeries = maxClassSeries;
        this.steadyClock = steadyClock;
        ResourceMetrics.ofProcess(registrar);
    }

    public TelemetryListener telemetry() {
        return event -> {
            learning.on(event);
            classTelemetry.on(event);
            evaluation.on(event);
            if (event instanceof TelemetryEvent.MemoryGathered(var seconds)) {
                reads.gathered(seconds);
            }
        };
    }

    public IngestListener ingestListener() {
        return ingest;
    }

    /** Returns what was refused in the last hour, for the status of the service. */
    public List<RecentRefusals.Group> refusals() {
        return refusals.lastHour();
    }

    public ReadListener readListener() {
        return reads;
    }

    /**
     * Registers the store.
     *
     * @param readOnly whether it accepts no writes
     * @param folder its folder; empty if it is on a server
     */
    public void registerStore(BooleanSupplier readOnly, Optional<Path> folder) {
        registrar.measured(
                "reverie_store_read_only",
                "1 if the service accepts no samples because the disk of the store is full, and 0 otherwise.",
                () -> readOnly.getAsBoolean() ? 1 : 0);
        folder.ifPresent(path -> ResourceMetrics.ofStore(registrar, path));
    }

    public void registerPendingBytes(LongSupplier pendingBytes) {
        registrar.measured(
                "reverie_http_in_hand_bytes",
                "Size, as received or decoded, of the HTTP deliveries that have not been answered yet.",
                pendingBytes::getAsLong);
    }

    public void registerConsumerLag(LongSupplier lag) {
        registrar.measured(
                "reverie_kafka_lag_records",
                "Number of unread records in the topic at the last check, including transaction markers.",
                lag::getAsLong);
    }

    public void registerEngines(EngineFactory engines) {
        EngineMetrics.register(registrar, engines);
    }

    /**
     * Registers the classes of the service.
     *
     * @param classes asks the service for them
     * @param codedBytes size of the picture of the class with an index, if known
     * @param storeBytes size of the store, if known
     */
    public void registerClasses(
            Supplier<CompletionStage<List<ClassInfo>>> classes,
            IntFunction<OptionalLong> codedBytes,
            Supplier<OptionalLong> storeBytes) {
        MemoryMetrics.register(
                exposition.registry(),
                new LatestSnapshot(classes, codedBytes, storeBytes, classTelemetry, steadyClock),
                maxClassSeries,
                steadyClock);
    }

    public void registerNodes(ClusterView nodes) {
        new ClusterMetrics(registrar).register(nodes);
    }

    /** Answers a request in OpenMetrics or in the text format of Prometheus, whichever it accepts. */
    public CompletionStage<HttpResponse> scrape(HttpRequest request) {
        return CompletableFuture.supplyAsync(() -> scraped(request), Thread::startVirtualThread);
    }

    private HttpResponse scraped(HttpRequest request) {
        String accept = StreamSupport.stream(request.getHeaders().spliterator(), false)
                .filter(header -> header.is("accept"))
                .map(HttpHeader::value)
                .collect(Collectors.joining(","));
        MetricsExposition.Page page = exposition.page(accept);
        return HttpResponse.create()
                .withEntity(HttpEntities.create(
                        ContentTypes.parse(page.contentType()), ByteString.fromArrayUnsafe(page.content())))
                .addHeader(RawHeader.create("Cache-Control", "no-store"));
    }

    /**
     * Serves the metrics on a separate port of the loopback interface until the server is closed.
     *
     * @throws AddressUnavailableException if the port is not available
     */
    public MetricsServer serve(int port) {
        try {
            return MetricsServer.start(port, exposition.registry());
        } catch (IOException e) {
            throw new AddressUnavailableException(
                    "serve metrics on port " + port, e, "set another reverie.metrics.port");
        }
    }
}
