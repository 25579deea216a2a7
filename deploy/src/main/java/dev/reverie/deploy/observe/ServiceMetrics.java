package dev.reverie.deploy.observe;

import dev.reverie.actors.intake.IngestSource;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.deploy.run.InputException;
import dev.reverie.monitoring.ClassTelemetry;
import dev.reverie.monitoring.EvaluationMetrics;
import dev.reverie.monitoring.IngestMetrics;
import dev.reverie.monitoring.IngestQueueMetrics;
import dev.reverie.monitoring.KernelMetrics;
import dev.reverie.monitoring.LearningMetrics;
import dev.reverie.monitoring.MemoryMetrics;
import dev.reverie.monitoring.MetricsExposition;
import dev.reverie.monitoring.MetricsServer;
import dev.reverie.monitoring.ResourceMetrics;
import dev.reverie.streams.service.IngestListener;
import dev.reverie.streams.service.MemoryService;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.Directives;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.util.ByteString;

/** The metrics of a service: it is fed by telemetry, by a service that is counted, and by the doors. */
public final class ServiceMetrics {

    private final MetricsExposition exposition = new MetricsExposition();
    private final LearningMetrics learning;
    private final EvaluationMetrics evaluation;
    private final IngestMetrics ingest = new IngestMetrics(exposition.registry());
    private final ClassTelemetry signs;
    private final int maxClassSeries;
    private final InstantSource clock;

    /**
     * Metrics of nothing, yet.
     *
     * @param maxClassSeries classes with series of their own, at least 0
     * @param clock tells how long things take, when a worker without a loop is idle, and when representatives were
     *     chosen
     */
    public ServiceMetrics(int maxClassSeries, InstantSource clock) {
        this.learning = new LearningMetrics(exposition.registry(), clock);
        this.evaluation = new EvaluationMetrics(exposition.registry(), maxClassSeries);
        this.signs = new ClassTelemetry(clock);
        this.maxClassSeries = maxClassSeries;
        this.clock = clock;
        ResourceMetrics.ofProcess(exposition.registry());
    }

    /** What must hear the telemetry of learning. */
    public TelemetryListener telemetry() {
        return event -> {
            learning.on(event);
            signs.on(event);
            evaluation.on(event);
        };
    }

    /** Shows how large the folder of a store is, from now on; to be called at most once. */
    public void measuring(Path storeFolder) {
        ResourceMetrics.ofStore(exposition.registry(), storeFolder);
    }

    /** What must hear what happens at the doors. */
    public IngestListener doors() {
        return new IngestListener() {
            @Override
            public void refused(IngestSource door, String reason, int samples) {
                ingest.refused(door, reason, samples);
            }

            @Override
            public DecodeTimer decoding(IngestSource door) {
                ElapsedTime stopwatch = ElapsedTime.start(clock);
                return () -> ingest.decoded(door, stopwatch.elapsed());
            }
        };
    }

    /** Shows how many bytes of deliveries over HTTP are in hand, from now on; to be called at most once. */
    public void holding(LongSupplier bytesInHand) {
        IngestQueueMetrics.ofHttp(exposition.registry(), bytesInHand);
    }

    /** Shows how many records of a topic wait, from now on; to be called at most once. */
    public void following(LongSupplier behind) {
        IngestQueueMetrics.ofKafka(exposition.registry(), behind);
    }

    /** Shows the time spent in kernels, by their names, from now on; to be called at most once. */
    public void computing(Supplier<Map<String, Double>> kernelSeconds) {
        KernelMetrics.register(exposition.registry(), kernelSeconds);
    }

    /**
     * Shows what a service has, from now on; to be called once.
     *
     * @param storeBytes that its store takes up, if that is known; asked at each scrape, so it is quick
     * @return the same service for the doors and outlets: what it admits is counted
     */
    public MemoryService observing(MemoryService service, Supplier<OptionalLong> storeBytes) {
        MemoryMetrics.register(
                exposition.registry(), new LatestSnapshot(service, storeBytes, signs), maxClassSeries, clock);
        return new CountedService(service, ingest, clock);
    }

    /** Answers {@code GET /metrics}, in OpenMetrics or in Prometheus's text format by the request's {@code Accept}. */
    public Route route() {
        return Directives.path(
                "metrics",
                () -> Directives.get(() -> Directives.extractRequest(request -> Directives.completeWithFuture(
                        CompletableFuture.supplyAsync(() -> scraped(request), Thread::startVirtualThread)))));
    }

    private HttpResponse scraped(HttpRequest request) {
        MetricsExposition.Page page =
                exposition.page(request.getHeader("Accept").map(HttpHeader::value));
        return HttpResponse.create()
                .withEntity(HttpEntities.create(
                        ContentTypes.parse(page.contentType()), ByteString.fromArrayUnsafe(page.content())))
                .addHeader(RawHeader.create("Cache-Control", "no-store"));
    }

    /**
     * Serves the same on a port of its own on this machine, until it is closed.
     *
     * @throws InputException if the port cannot be had
     */
    public MetricsServer serve(int port) {
        try {
            return MetricsServer.start(port, exposition);
        } catch (IOException e) {
            throw new InputException("cannot serve metrics on port " + port + " (" + e.getMessage()
                    + "): configure another reverie.metrics.port");
        }
    }
}
