package dev.reverie.deploy.serve;

import dev.reverie.actors.intake.ClassNotification;
import dev.reverie.deploy.observe.MetricsServer;
import dev.reverie.streams.runtime.ActorMemoryService;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceStatus.Footprint;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/** A running service with its API, ingest sources and metrics. Thread safe. */
public final class RunningService implements AutoCloseable {

    private static final Duration GRACE = Duration.ofSeconds(15);

    private final ActorMemoryService service;
    private final ServiceApi api;
    private final IngestSources sources;
    private final Optional<MetricsServer> metrics;

    RunningService(ActorMemoryService service, ServiceApi api, IngestSources sources, Optional<MetricsServer> metrics) {
        this.service = service;
        this.api = api;
        this.sources = sources;
        this.metrics = metrics;
    }

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
