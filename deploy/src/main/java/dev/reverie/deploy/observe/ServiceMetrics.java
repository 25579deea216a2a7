package dev.reverie.deploy.observe;

import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.loop.SteadyClock;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.run.AddressUnavailableException;
import dev.reverie.deploy.run.MetricsPort;
import dev.reverie.monitoring.ClassTelemetry;
import dev.reverie.monitoring.ClusterMetrics;
import dev.reverie.monitoring.EngineMetrics;
import dev.reverie.monitoring.EvaluationMetrics;
import dev.reverie.monitoring.IngestMetrics;
import dev.reverie.monitoring.LearningMetrics;
import dev.reverie.monitoring.MemoryMetrics;
import dev.reverie.monitoring.MetricsExposition;
import dev.reverie.monitoring.MetricsServer;
import dev.reverie.monitoring.ReadMetrics;
import dev.reverie.monitoring.ResourceMetrics;
import dev.reverie.streams.ingest.DeferralReason;
import dev.reverie.streams.service.DeliveryListener;
import dev.reverie.streams.service.IngestListener;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.ReadListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.util.ByteString;

/** Collects the metrics of a service from its telemetry, its accepted deliveries and its ingest sources. */
public final class ServiceMetrics {

    private final MetricsExposition exposition = new MetricsExposition();
    private final LearningMetrics learning;
    private final EvaluationMetrics evaluation;
    private final IngestMetrics ingest = new IngestMetrics(exposition.registry(), DeferralReason.labels());
    private final ReadMetrics reads;
    private final ClassTelemetry classTelemetry;
    private final int maxClassSeries;
    private final InstantSource clock;
    private final SteadyClock steadyClock;

    /**
     * Creates metrics without values.
     *
     * @param maxClassSeries maximum number of classes with time series of their own, at least 0
     * @param clock tells the age of representatives and of the memory that is handed out
     * @param steadyClock measures all other durations
     */
    public ServiceMetrics(int maxClassSeries, InstantSource clock, SteadyClock steadyClock) {
        this.learning = new LearningMetrics(exposition.registry(), steadyClock);
        this.evaluation = new EvaluationMetrics(exposition.registry(), maxClassSeries);
        this.reads = new ReadMetrics(
                exposition.registry(),
                Stream.of(ReadListener.Call.values()).map(ServiceMetrics::label).toList());
        this.classTelemetry = new ClassTelemetry(clock);
        this.maxClassSeries = maxClassSeries;
        this.clock = clock;
        this.steadyClock = steadyClock;
        ResourceMetrics.ofProcess(exposition.registry());
    }

    /** Returns the listener for the telemetry of the service. */
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

    /** Registers the size of a store's folder. Must be called at most once. */
    public void registerStore(Path storeFolder) {
        ResourceMetrics.ofStore(exposition.registry(), storeFolder);
    }

    /** Registers whether the store accepts writes. Must be called at most once. */
    public void registerReadOnly(BooleanSupplier readOnly) {
        ResourceMetrics.ofReadOnly(exposition.registry(), readOnly);
    }

    /** Returns the listener for the ingest sources. */
    public IngestListener ingestListener() {
        return new IngestListener() {
            @Override
            public void refused(IngestSource source, String reason, int samples) {
                ingest.refused(source, reason, samples);
            }

            @Override
            public void deferred(IngestSource source, String reason) {
                ingest.deferred(source, reason);
            }

            @Override
            public DecodeTimer decoding(IngestSource source) {
                ElapsedTime elapsed = ElapsedTime.fromNow(steadyClock);
                return () -> ingest.decoded(source, elapsed.get());
            }
        };
    }

    /**
     * Returns the listener that counts and times what the service accepts. The ingest sources count refusals, because a
     * source can refuse a delivery before it reaches the service.
     */
    public DeliveryListener deliveryListener() {
        return delivery -> {
            IngestSource source = delivery.source();
            long bytes = delivery.bytes();
            ElapsedTime elapsed = ElapsedTime.fromNow(steadyClock);
            ingest.handed(source, bytes);
            return outcome -> {
                ingest.answered(source, bytes);
                if (outcome.orElse(null) instanceof DeliveryOutcome.Accepted accepted) {
                    ingest.acknowledged(source, elapsed.get());
                    ingest.accepted(source, accepted.accepted());
                    ingest.duplicates(source, accepted.duplicates());
                    classTelemetry.arrived(
                            delivery.samples().stream().map(Sample::label).collect(Collectors.toUnmodifiableSet()));
                }
            };
        };
    }

    /** Returns the listener for reads of the memory. */
    public ReadListener readListener() {
        return call -> {
            ElapsedTime elapsed = ElapsedTime.fromNow(steadyClock);
            return (status, bytes, changed) -> {
                reads.answered(label(call), status, bytes, elapsed.get());
                changed.ifPresent(since -> reads.handedOut(label(call), new ElapsedTime(clock, since).get()));
            };
        };
    }

    private static String label(ReadListener.Call call) {
        return call.name().toLowerCase(Locale.ROOT);
    }

    /** Registers the size in bytes of the pending deliveries over HTTP. Must be called at most once. */
    public void registerPendingBytes(LongSupplier pendingBytes) {
        IngestMetrics.ofHttp(exposition.registry(), pendingBytes);
    }

    /** Registers the consumer lag of the Kafka source. Must be called at most once. */
    public void registerConsumerLag(LongSupplier lag) {
        IngestMetrics.ofKafka(exposition.registry(), lag);
    }

    /** Registers the work of the engines and the state of their GPUs. Must be called at most once. */
    public void registerEngines(EngineFactory engines) {
        EngineMetrics.register(
                exposition.registry(),
                engines::kernelSeconds,
                engines::gpus,
                engines::batchLimit,
                engines::batchHalvings);
    }

    /**
     * Registers the classes, the store and the nodes of a service. Must be called exactly once.
     *
     * @param storeBytes size of the store, if known; read at each scrape, so it must return at once
     */
    public void registerService(MemoryService service, Supplier<OptionalLong> storeBytes) {
        MemoryMetrics.register(
                exposition.registry(),
                new LatestSnapshot(service, storeBytes, classTelemetry, steadyClock),
                maxClassSeries,
                steadyClock);
        service.cluster()
                .ifPresent(nodes -> ClusterMetrics.register(
                        exposition.registry(), nodes.configured(), nodes::members, nodes::unreachable, nodes::moves));
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
        MetricsExposition.Page page = exposition.page(accept, Set.of());
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
            return MetricsServer.start(port, exposition, new MetricsPort.LocalAccess());
        } catch (IOException e) {
            throw new AddressUnavailableException(
                    "serve metrics on port " + port, e, "set another reverie.metrics.port");
        }
    }
}
