package dev.reverie.deploy.serve;

import dev.reverie.actors.intake.ClassNotification;
import dev.reverie.actors.loop.SteadyClock;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.config.AccessFiles;
import dev.reverie.deploy.config.ServiceConfig;
import dev.reverie.deploy.config.StoreConfig;
import dev.reverie.deploy.observe.MetricsServer;
import dev.reverie.deploy.observe.ServiceMetrics;
import dev.reverie.deploy.observe.StoreSize;
import dev.reverie.deploy.run.AddressUnavailableException;
import dev.reverie.deploy.run.SoftwareVersions;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.streams.history.ClusterHistory;
import dev.reverie.streams.history.History;
import dev.reverie.streams.history.MemoryHistory;
import dev.reverie.streams.runtime.ActorMemoryService;
import dev.reverie.streams.runtime.ServiceRequest;
import dev.reverie.streams.runtime.ServiceRequest.ClusterNode;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceStatus.Footprint;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.remote.RemoteTransportException;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/** A running service with its API, ingest sources and metrics. Thread safe. */
public final class RunningService implements AutoCloseable {

    /** The grace period of {@link #close}. */
    private static final Duration GRACE = Duration.ofSeconds(15);

    private final ActorMemoryService service;
    private final ServiceApi api;
    private final IngestSources sources;
    private final Optional<MetricsServer> metrics;

    private RunningService(
            ActorMemoryService service, ServiceApi api, IngestSources sources, Optional<MetricsServer> metrics) {
        this.service = service;
        this.api = api;
        this.sources = sources;
        this.metrics = metrics;
    }

    /**
     * Opens the store and starts to listen.
     *
     * @param engines opens engines on the device that distils
     * @param nanos measures short durations, in nanoseconds, and never goes back
     * @param listeners listeners for the telemetry of the distillation
     * @throws dev.reverie.actors.store.StoreException if the store cannot be opened
     * @throws dev.reverie.deploy.config.ConfigurationException if a configured file cannot be used
     * @throws dev.reverie.deploy.run.InputException if an ingest source cannot be opened
     * @throws java.io.UncheckedIOException if an address or port is not available, the host cannot be resolved, or the
     *     folder to watch is missing
     */
    public static RunningService start(
            ServiceConfig config,
            EngineFactory engines,
            InstantSource clock,
            LongSupplier nanos,
            List<TelemetryListener> listeners) {
        return start(config, AccessFiles.of(config), engines, clock, nanos, listeners);
    }

    /**
     * Like {@link #start(ServiceConfig, EngineFactory, InstantSource, LongSupplier, List)}, with access files that are
     * already read.
     */
    public static RunningService start(
            ServiceConfig config,
            AccessFiles access,
            EngineFactory engines,
            InstantSource clock,
            LongSupplier nanos,
            List<TelemetryListener> listeners) {
        StoreConfig.Opened opened = config.openStore();
        return start(
                config,
                access,
                opened.store(),
                shape -> config.learning().settings(shape, config.budget().imagesPerClass(shape), opened.factor()),
                engines,
                clock,
                nanos,
                listeners);
    }

    /** Starts a service as configured, but with other distillation settings. */
    public static RunningService start(
            ServiceConfig config,
            AccessFiles access,
            Function<ImageShape, DistillationSettings> settings,
            EngineFactory engines,
            InstantSource clock,
            LongSupplier nanos,
            List<TelemetryListener> listeners) {
        return start(config, access, config.openStore().store(), settings, engines, clock, nanos, listeners);
    }

    private static RunningService start(
            ServiceConfig config,
            AccessFiles access,
            Store store,
            Function<ImageShape, DistillationSettings> settings,
            EngineFactory engines,
            InstantSource clock,
            LongSupplier nanos,
            List<TelemetryListener> listeners) {
        ServiceMetrics serviceMetrics =
                new ServiceMetrics(config.maxClassSeries(), clock, new SteadyClock(clock, nanos));
        serviceMetrics.registerStore(
                store::isReadOnly,
                Optional.of(config.store().folder())
                        .filter(_ -> config.store().postgres().isEmpty()));
        serviceMetrics.registerEngines(engines);
        ServiceRequest request = new ServiceRequest(
                store,
                settings,
                config.learning().policy(),
                config.budget(),
                config.deadZone(),
                config.intake(),
                config.imageSize(),
                config.evaluation(),
                engines,
                clock,
                nanos,
                Stream.concat(Stream.of(serviceMetrics.telemetry()), listeners.stream())
                        .toList(),
                serviceMetrics.ingestListener(),
                node(config));
        return open(config, access, request, serviceMetrics, startService(request));
    }

    private static ActorMemoryService startService(ServiceRequest request) {
        try {
            return ActorMemoryService.start(request);
        } catch (RuntimeException failure) {
            request.store().close();
            throw failure instanceof RemoteTransportException ? unavailable(request, failure) : failure;
        }
    }

    private static AddressUnavailableException unavailable(ServiceRequest request, RuntimeException failure) {
        int port = request.cluster().orElseThrow().settings().port();
        return new AddressUnavailableException(
                "listen on port " + port + " for the other nodes",
                failure,
                "choose another reverie.cluster.port, or set reverie.cluster.bind-host to an address of this machine");
    }

    /** Opens the doors of a service that has started, or stops the service if one of them cannot be opened. */
    private static RunningService open(
            ServiceConfig config,
            AccessFiles access,
            ServiceRequest request,
            ServiceMetrics serviceMetrics,
            ActorMemoryService service) {
        Optional<MetricsServer> metrics = Optional.empty();
        try {
            serviceMetrics.registerService(service, new StoreSize(request.store(), request.clock()));
            MemoryHistory recorded = MemoryHistory.start(service, request.clock(), request.nanos(), service.system());
            History history = config.cluster().isPresent() ? ClusterHistory.of(recorded, service.system()) : recorded;
            ServiceApi api = ServiceApi.open(config, service, history, access, serviceMetrics);
            serviceMetrics.registerPendingBytes(api.server()::pendingBytes);
            OptionalInt port = config.metricsPort();
            metrics = port.isPresent() ? Optional.of(serviceMetrics.serve(port.getAsInt())) : Optional.empty();
            IngestSources sources =
                    IngestSources.open(config, service, serviceMetrics.ingestListener(), request.nanos());
            sources.kafka().ifPresent(kafka -> serviceMetrics.registerConsumerLag(kafka::lag));
            return new RunningService(service, api, sources, metrics);
        } catch (RuntimeException failure) {
            metrics.ifPresent(MetricsServer::close);
            service.stop(Duration.ofSeconds(1)).toCompletableFuture().join();
            throw failure;
        }
    }

    private static Optional<ClusterNode> node(ServiceConfig config) {
        return config.cluster()
                .map(settings ->
                        new ClusterNode(settings, SoftwareVersions.current().reverie(), config.agreement()));
    }

    /** Returns the address of the API. */
    public URI address() {
        return api.address();
    }

    /** Completes with a summary of the store once the store has been read. */
    public CompletionStage<ClassNotification.StoreLoaded> storeRead() {
        return service.storeRead();
    }

    /** Completes with what the images take as soon as this is known: at the latest when the first class is there. */
    public CompletionStage<Footprint> footprint() {
        return Source.single(NotUsed.getInstance())
                .concat(service.events(Optional.empty())
                        .filter(event -> event.kind() == ServiceEvent.Kind.CLASS)
                        .map(_ -> NotUsed.getInstance()))
                .mapAsync(1, _ -> service.status())
                .mapConcat(status -> status.footprint().stream().toList())
                .runWith(Sink.head(), service.system());
    }

    /** Runs a task at intervals until the service ends, even after it has failed. The task may block. */
    public void repeat(Duration interval, Runnable task) {
        ActorSystem<?> system = service.system();
        system.scheduler()
                .scheduleWithFixedDelay(
                        interval,
                        interval,
                        new RepeatedTask(task),
                        system.dispatchers().lookup(DispatcherSelector.blocking()));
    }

    /** Completes when the service has ended for any reason. */
    public CompletionStage<Done> ended() {
        return service.ended();
    }

    /**
     * Stops accepting samples, saves the state, answers pending requests and ends the service. The API listens until
     * the state is saved, so that clients learn that the service is stopping.
     *
     * @return whether everything was saved within the grace period
     */
    public CompletionStage<Boolean> stop(Duration grace) {
        service.markNotReady();
        Duration fifth = grace.dividedBy(5);
        return sources.stop(fifth)
                .exceptionally(unimportant -> Done.getInstance())
                .thenCompose(done -> service.save(fifth.multipliedBy(3)))
                .thenCompose(saved -> api.server()
                        .stop(fifth)
                        .exceptionally(unimportant -> Done.getInstance())
                        .thenCompose(done -> service.end())
                        .thenApply(done -> saved))
                .whenComplete((saved, failure) -> metrics.ifPresent(MetricsServer::close));
    }

    @Override
    public void close() {
        stop(GRACE).toCompletableFuture().join();
    }
}
