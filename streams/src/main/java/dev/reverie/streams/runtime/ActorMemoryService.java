package dev.reverie.streams.runtime;

import dev.reverie.actors.Asks;
import dev.reverie.actors.deduplication.ItemKeys;
import dev.reverie.actors.evaluation.EvaluationActor;
import dev.reverie.actors.intake.ClassNotification;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.intake.IntakeSettings;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.service.ServiceCommand;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.streams.service.ClusterView;
import dev.reverie.streams.service.DeliveryListener;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.MemoryService.MemoryView;
import dev.reverie.streams.service.MemoryService.ServiceBackup;
import dev.reverie.streams.service.Readiness;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The actor-based implementation of the service: an actor system with an intake and a coordinator that share one store,
 * and the matching stream between the classes and the worker. Thread safe.
 */
public final class ActorMemoryService implements MemoryService {

    /** Shorter than the usual timeout of readiness probes. */
    private static final Duration STORE_TIMEOUT = Duration.ofSeconds(2);

    /** Longer than the actors of a node take to stop if the others do not answer. */
    private static final Duration ENDING = Duration.ofSeconds(60);

    private final ActorSystem<?> system;
    private final Store store;
    private final ServiceActorRefs actors;
    private final MemoryCache memory;
    private final Optional<ActorRef<EvaluationActor.Command>> evaluation;
    private final Optional<ClusterView> cluster;
    private final EventLog events;
    private final LatestEvaluation latestEvaluation;
    private final FootprintEstimate footprint;
    private final DeliveryRequests deliveries;
    private final DeliveryListener deliveryListener;
    private final ClassRequests classes;
    private final LongSupplier nanos;
    private final long startNanos;
    private final ReadinessChecks checks;
    private final StoreBackups backups;
    private final RestartingMatchingStream matching;

    private ActorMemoryService(ServiceRequest request, ServiceSystem started, Observers observers, long startNanos) {
        this.system = started.system();
        this.store = request.store();
        this.actors = started.actors();
        this.memory = started.memory();
        this.evaluation = started.evaluation();
        this.cluster = started.cluster();
        this.events = observers.events();
        this.latestEvaluation = observers.evaluation();
        this.footprint = observers.footprint();
        this.nanos = request.nanos();
        this.startNanos = startNanos;
        this.matching = new RestartingMatchingStream(
                actors.coordinator(), request.engines().workers(), system);
        this.deliveries = new DeliveryRequests(actors, memory, request::factor);
        this.deliveryListener = request.deliveries();
        this.classes = new ClassRequests(actors, memory, store);
        this.backups =
                new StoreBackups(store, request.clock(), system.dispatchers().lookup(DispatcherSelector.blocking()));
        this.checks = new ReadinessChecks(new StoreProbe(store::probe, request.steadyClock(), STORE_TIMEOUT));
    }

    /** The results of telemetry that clients can query. */
    private record Observers(EventLog events, LatestEvaluation evaluation, FootprintEstimate footprint) {}

    /** Starts a service and returns at once. The service begins by reading its store. */
    public static ActorMemoryService start(ServiceRequest request) {
        request.store().startUpkeep(request.nanos());
        long startNanos = request.nanos().getAsLong();
        IntakeSettings plan = ServiceSystem.intakeSettings(request);
        Observers observers = new Observers(
                new EventLog(request.clock()),
                new LatestEvaluation(),
                new FootprintEstimate(
                        plan,
                        Runtime.getRuntime().maxMemory(),
                        Runtime.getRuntime().availableProcessors()));
        List<TelemetryListener> listeners = Stream.concat(
                        request.listeners().stream(),
                        Stream.of(
                                new TelemetryEvents(
                                        observers.events(),
                                        request.clock(),
                                        request.cluster()
                                                .map(node -> node.settings().address())),
                                observers.evaluation(),
                                observers.footprint()))
                .toList();
        ActorMemoryService service =
                new ActorMemoryService(request, ServiceSystem.start(request, plan, listeners), observers, startNanos);
        service.matching.start();
        return service;
    }

    /** Completes when the service has ended, for any reason. */
    public CompletionStage<Done> ended() {
        return system.getWhenTerminated();
    }

    /** Adds a readiness check. */
    public void addReadinessCheck(Supplier<Readiness.Check> check) {
        checks.addReadinessCheck(check);
    }

    /** Returns the actor system of the service, for ingest sources that should end with it. */
    public ActorSystem<?> system() {
        return system;
    }

    @Override
    public Optional<ClusterView> cluster() {
        return cluster;
    }

    @Override
    public CompletionStage<DeliveryOutcome> admit(Delivery delivery) {
        Consumer<Optional<DeliveryOutcome>> answered = deliveryListener.passed(delivery);
        return CompletableFuture.completedStage(delivery)
                .thenCompose(deliveries::admit)
                .whenComplete((outcome, _) -> answered.accept(Optional.ofNullable(outcome)));
    }

    @Override
    public CompletionStage<ItemKeys> items() {
        return deliveries.items();
    }

    @Override
    public void removeItems(ItemKeys keys) {
        deliveries.removeItems(keys);
    }

    @Override
    public CompletionStage<List<ClassInfo>> classes() {
        return classes.all();
    }

    @Override
    public CompletionStage<Optional<ClassInfo>> classNamed(String label) {
        return classes.named(label);
    }

    @Override
    public CompletionStage<Optional<MemoryView>> memory() {
        return memory.get();
    }

    @Override
    public CompletionStage<Optional<ClassInfo>> seal(String label) {
        return classes.seal(label);
    }

    @Override
    public CompletionStage<Optional<ClassInfo>> sealWhenConverged(String label) {
        return classes.sealWhenConverged(label);
    }

    @Override
    public CompletionStage<Optional<ClassInfo>> cancelSeal(String label) {
        return classes.cancelSeal(label);
    }

    @Override
    public CompletionStage<Boolean> forget(String label) {
        return classes.forget(label);
    }

    @Override
    public CompletionStage<ServiceBackup> backup() {
        return backups.begin();
    }

    @Override
    public CompletionStage<Done> ping() {
        return actors.overview().thenCombine(actors.status(), (_, _) -> Done.getInstance());
    }

    @Override
    public CompletionStage<ServiceStatus> status() {
        return classes.overview()
                .thenCombine(
                        actors.status(),
                        (overview, status) -> new ServiceStatus(
                                overview.store().samples(),
                                overview.classes().size(),
                                status.innerLoops(),
                                status.outerIterations(),
                                Duration.ofNanos(nanos.getAsLong() - startNanos),
                                status.worker(),
                                latestEvaluation.get(),
                                footprint.of(overview.shape())));
    }

    @Override
    public CompletionStage<Readiness> readiness() {
        return checks.of(actors.overview(), actors.status());
    }

    @Override
    public Source<ServiceEvent, NotUsed> events(Optional<Long> after) {
        return events.after(after);
    }

    /** Completes with a summary of the store when the store has been read. */
    public CompletionStage<ClassNotification.StoreLoaded> storeRead() {
        return actors.overview()
                .thenCompose(overview -> overview.loading()
                        ? Patterns.after(Duration.ofMillis(100), system.classicSystem(), this::storeRead)
                        : CompletableFuture.completedStage(overview.store()));
    }

    /**
     * Reports the service as not ready from now on, so that load balancers send requests elsewhere. Everything else
     * continues.
     */
    public void markNotReady() {
        checks.markNotReady();
    }

    /**
     * Stops accepting deliveries and saves everything that was accepted or learned. Clients can still read the memory.
     * A worker has a third of the grace period to end its job, whose result is lost otherwise. State that cannot be
     * saved within the grace period stays as it was last saved.
     *
     * @return whether everything was saved
     */
    public CompletionStage<Boolean> save(Duration grace) {
        markNotReady();
        matching.startNoMore();
        evaluation.ifPresent(actor -> actor.tell(new EvaluationActor.Stop()));
        CompletionStage<IntakeActor.Drained> drained = Asks.<ServiceCommand, Done>ask(
                        actors.coordinator(), ServiceCommand.Stop::new, system.scheduler())
                .thenCompose(done -> matching.ended()
                        .toCompletableFuture()
                        .completeOnTimeout(done, grace.toMillis() / 3, TimeUnit.MILLISECONDS))
                .thenCompose(done -> Asks.<IntakeActor.Command, IntakeActor.Drained>ask(
                        actors.intake(), IntakeActor.Drain::new, system.scheduler()));
        return drained.toCompletableFuture()
                .orTimeout(grace.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(all -> all.unsaved().isEmpty())
                .exceptionally(late -> false);
    }

    /** Ends the service without saving. An actor that does not stop is left behind after a minute. */
    public CompletionStage<Done> end() {
        return SystemEnd.terminate(system, ENDING).thenApply(done -> {
            store.close();
            return done;
        });
    }

    /** Saves and then ends the service, see {@link #save}. */
    public CompletionStage<Boolean> stop(Duration grace) {
        return save(grace).thenCompose(saved -> end().thenApply(done -> saved));
    }
}
