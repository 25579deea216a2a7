package dev.reverie.deploy.serve;

import dev.reverie.actors.loop.SteadyClock;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.config.AccessFiles;
import dev.reverie.deploy.config.LearningConfig;
import dev.reverie.deploy.config.ServiceConfig;
import dev.reverie.deploy.config.StoreConfig;
import dev.reverie.deploy.observe.MetricsServer;
import dev.reverie.deploy.observe.ServiceMetrics;
import dev.reverie.deploy.observe.StoreSize;
import dev.reverie.deploy.run.AddressUnavailableException;
import dev.reverie.deploy.run.Provenance.SoftwareVersions;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.streams.history.ClusterHistory;
import dev.reverie.streams.history.History;
import dev.reverie.streams.history.MemoryHistory;
import dev.reverie.streams.runtime.ActorMemoryService;
import dev.reverie.streams.runtime.ServiceRequest;
import dev.reverie.streams.runtime.ServiceRequest.ClusterNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.apache.pekko.remote.RemoteTransportException;

/**
 * Starts a service.
 *
 * @param nanos measures short durations, in nanoseconds, and never goes back
 */
public record ServiceStarter(
        ServiceConfig config,
        EngineFactory engines,
        InstantSource clock,
        LongSupplier nanos,
        List<TelemetryListener> listeners) {

    public ServiceStarter {
        listeners = List.copyOf(listeners);
    }

    /**
     * Opens the store and starts to listen.
     *
     * @throws dev.reverie.actors.store.StoreException if the store cannot be opened
     * @throws dev.reverie.deploy.config.ConfigurationException if a configured file cannot be used
     * @throws dev.reverie.deploy.run.InputException if an ingest source cannot be opened
     * @throws java.io.UncheckedIOException if an address or port is not available, the host cannot be resolved, or the
     *     folder to watch is missing
     */
    public RunningService start(AccessFiles access) {
        StoreConfig.Opened opened = config.openStore();
        LearningConfig learning = config.learning();
        return start(
                access,
                opened.store(),
                shape -> learning.settings(
                        shape,
                        config.budget().imagesPerClass(shape),
                        opened.factor().of(learning.method(), shape)));
    }

    /** Starts a service as configured, but with these distillation settings. */
    public RunningService start(DistillationSettings settings) {
        return start(AccessFiles.of(config), config.openStore().store(), _ -> settings);
    }

    private RunningService start(AccessFiles access, Store store, Function<ImageShape, DistillationSettings> settings) {
        ServiceMetrics metrics = new ServiceMetrics(config.maxClassSeries(), clock, new SteadyClock(clock, nanos));
        metrics.registerStore(
                store::isReadOnly,
                Optional.of(config.store().folder())
                        .filter(_ -> config.store().postgres().isEmpty()));
        metrics.registerEngines(engines);
        Optional<ClusterNode> node = config.cluster()
                .map(own -> new ClusterNode(own, SoftwareVersions.current().reverie(), config.agreement()));
        ServiceRequest request = new ServiceRequest(
                store,
                settings,
                config.learning().policy(),
                config.budget(),
                config.intake(),
                config.imageSize(),
                config.channels(),
                config.evaluation(),
                engines,
                clock,
                nanos,
                Stream.concat(Stream.of(metrics.telemetry()), listeners.stream())
                        .toList(),
                metrics.ingestListener(),
                node);
        return open(startService(request), store, access, metrics);
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
    private RunningService open(ActorMemoryService service, Store store, AccessFiles access, ServiceMetrics metrics) {
        Optional<MetricsServer> server = Optional.empty();
        try {
            metrics.registerClasses(service::classes, service::codedBytes, new StoreSize(store, clock));
            service.cluster().ifPresent(metrics::registerNodes);
            MemoryHistory recorded = MemoryHistory.start(service, clock, nanos, service.system());
            History history = config.cluster().isPresent() ? ClusterHistory.of(recorded, service.system()) : recorded;
            ServiceApi api = ServiceApi.open(config, service, history, access, metrics);
            metrics.registerPendingBytes(api.server()::pendingBytes);
            OptionalInt port = config.metricsPort();
            server = port.isPresent() ? Optional.of(metrics.serve(port.getAsInt())) : Optional.empty();
            IngestSources sources = IngestSources.open(config, service, metrics.ingestListener(), nanos);
            sources.kafka().ifPresent(kafka -> metrics.registerConsumerLag(kafka::lag));
            return new RunningService(service, api, sources, server);
        } catch (RuntimeException failure) {
            server.ifPresent(MetricsServer::close);
            service.stop(Duration.ofSeconds(1)).toCompletableFuture().join();
            throw failure;
        }
    }
}
