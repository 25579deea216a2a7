package dev.reverie.streams.runtime;

import dev.reverie.actors.Asks;
import dev.reverie.actors.deduplication.FileKeys;
import dev.reverie.actors.evaluation.EvaluationActor;
import dev.reverie.actors.intake.ClassNotification;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.intake.IntakeSettings;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.intake.SealChange;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.service.ServiceCommand;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.streams.service.ClusterView;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.MemoryService.MemoryView;
import dev.reverie.streams.service.MemoryService.ServiceBackup;
import dev.reverie.streams.service.Readiness;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceStatus;
import dev.reverie.streams.service.ServiceStatus.HeldOutAccuracy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/**
 * The actor-based implementation of the service: an actor system with an intake and a coordinator that share one store,
 * and the matching stream between the classes and the worker. Thread safe.
 */
public final class ActorMemoryService implements MemoryService {

    /** Shorter than the usual timeout of readiness probes. */
    private static final Duration STORE_TIMEOUT = Duration.ofSeconds(2);

    /** Longer than the actors of a node take to stop if the others do not answer. */
    private static final Duration ENDING = Duration.ofSeconds(60);

    /** The minimum height and width that the pooling of the network accepts, in pixels. */
    private static final int MIN_SIDE = 2;

    private final ServiceRequest request;
    private final ServiceSystem started;
    private final ServiceActorRefs actors;
    private final MemoryCache memory;
    private final ClassRequests classes;
    private final Observers observers;
    private final long startNanos;
    private final ReadinessChecks checks;
    private final StoreBackups backups;
    private final RestartingMatchingStream matching;

    private ActorMemoryService(ServiceRequest request, ServiceSystem started, Observers observers, long startNanos) {
        this.request = request;
        this.started = started;
        this.actors = started.actors();
        this.memory = started.memory();
        this.classes = new ClassRequests(actors, memory, request.store());
        this.observers = observers;
        this.startNanos = startNanos;
        this.checks = new ReadinessChecks(new StoreProbe(request.store()::probe, request.steadyClock(), STORE_TIMEOUT));
        this.backups = new StoreBackups(
                request.store(), request.clock(), started.system().dispatchers().lookup(DispatcherSelector.blocking()));
        this.matching = new RestartingMatchingStream(
                actors.coordinator(), request.engines().workers(), started.system());
    }

    /** The results of telemetry that clients can query. */
    private record Observers(
            EventLog events,
            AtomicReference<TelemetryEvent.@Nullable MemoryEvaluated> evaluation,
            FootprintEstimate footprint) {

        private void noteEvaluation(TelemetryEvent event) {
            if (event instanceof TelemetryEvent.MemoryEvaluated evaluated) {
                evaluation.set(evaluated);
            }
        }
    }

    /** Starts a service and returns at once. The service begins by reading its store. */
    public static ActorMemoryService start(ServiceRequest request) {
        request.store().startUpkeep(request.nanos());
        long startNanos = request.nanos().getAsLong();
        IntakeSettings intake = ServiceSystem.intakeSettings(request);
        Observers observers = new Observers(
                new EventLog(request.clock()),
                new AtomicReference<>(),
                new FootprintEstimate(
                        intake,
                        Runtime.getRuntime().maxMemory(),
                        Runtime.getRuntime().availableProcessors(),
                        request.engines()::workers));
        TelemetryEvents events = new TelemetryEvents(
                observers.events(), request.clock(), request.cluster().map(node -> node.settings()
                        .address()));
        List<TelemetryListener> listeners = Stream.concat(
                        request.listeners().stream(),
                        Stream.of(events, observers::noteEvaluation, observers.footprint()))
                .toList();
        ActorMemoryService service =
                new ActorMemoryService(request, ServiceSystem.start(request, intake, listeners), observers, startNanos);
        service.matching.start();
        return service;
    }

    /** Completes when the service has ended, for any reason. */
    public CompletionStage<Done> ended() {
        return started.system().getWhenTerminated();
    }

    public void addReadinessCheck(Supplier<Readiness.Check> check) {
        checks.addReadinessCheck(check);
    }

    /** Returns the actor system of the service, for ingest sources that should end with it. */
    public ActorSystem<?> system() {
        return started.system();
    }

    @Override
    public Optional<ClusterView> cluster() {
        return started.cluster();
    }

    /**
     * Refuses a delivery with an image that is too small, and asks the intake to store any other. Checks every image,
     * because that of the first new sample can decide the shape of a service.
     */
    @Override
    public CompletionStage<DeliveryOutcome> admit(Delivery delivery) {
        Consumer<Optional<DeliveryOutcome>> answered = request.listener().passed(delivery);
        return CompletableFuture.completedStage(delivery)
                .thenCompose(this::deliver)
                .whenComplete((outcome, _) -> {
                    if (outcome instanceof DeliveryOutcome.Accepted) {
                        memory.accepted(
                                delivery.samples().stream().map(Sample::label).collect(Collectors.toUnmodifiableSet()));
                    }
                    answered.accept(Optional.ofNullable(outcome));
                });
    }

    private CompletionStage<DeliveryOutcome> deliver(Delivery delivery) {
        Optional<DeliveryOutcome> tooSmall = tooSmall(delivery);
        return tooSmall.isPresent()
                ? CompletableFuture.completedStage(tooSmall.get())
                : ask(replyTo -> new IntakeActor.Deliver(delivery, replyTo));
    }

    private Optional<DeliveryOutcome> tooSmall(Delivery delivery) {
        return delivery.samples().stream()
                .map(sample -> sample.image().shape())
                .distinct()
                .filter(shape -> Math.min(shape.height(), shape.width()) < minSide(shape))
                .findFirst()
                .map(shape -> new DeliveryOutcome.Refused(
                        DeliveryOutcome.Reason.SHAPE_MISMATCH,
                        "images of " + shape + " pixels are too small: send images of at least " + minSide(shape) + "x"
                                + minSide(shape) + " pixels"));
    }

    private int minSide(ImageShape shape) {
        return Math.max(MIN_SIDE, request.factor(shape));
    }

    private <R> CompletionStage<R> ask(Function<ActorRef<R>, IntakeActor.Command> message) {
        return Asks.ask(actors.intake(), message, actors.scheduler());
    }

    @Override
    public CompletionStage<FileKeys> deliveredFiles() {
        return this.<IntakeActor.DeliveredKeys>ask(IntakeActor.GetDeliveredFiles::new)
                .thenApply(IntakeActor.DeliveredKeys::keys);
    }

    @Override
    public void removeDeliveredFiles(FileKeys keys) {
        actors.intake().tell(new IntakeActor.RemoveDeliveredFiles(keys));
    }

    @Override
    public Optional<ImageShape> imageShape() {
        return actors.imageShape();
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
    public CompletionStage<SortedMap<Integer, String>> displayNames() {
        return actors.overview().thenApply(IntakeActor.Overview::displayNames);
    }

    @Override
    public OptionalLong codedBytes(int classIndex) {
        return memory.codedBytes(classIndex);
    }

    @Override
    public CompletionStage<Optional<MemoryView>> memory() {
        return memory.get();
    }

    @Override
    public CompletionStage<Optional<ClassInfo>> seal(String label, SealChange change) {
        return classes.seal(label, change);
    }

    @Override
    public CompletionStage<Optional<ClassInfo>> rename(String label, Optional<String> displayName) {
        return classes.rename(label, displayName);
    }

    @Override
    public CompletionStage<Optional<ClassCommand.Withdrawal>> withdraw(String label, String id) {
        return classes.withdraw(label, id);
    }

    @Override
    public CompletionStage<Optional<DeliveryOutcome>> moveImages(String label, String into) {
        return classes.moveImages(label, into, this::admit);
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
                                Duration.ofNanos(request.nanos().getAsLong() - startNanos),
                                status.worker(),
                                Optional.ofNullable(observers.evaluation().get())
                                        .map(evaluated -> HeldOutAccuracy.of(
                                                evaluated, request.clock().instant())),
                                observers.footprint().of(overview.shape())));
    }

    @Override
    public CompletionStage<Readiness> readiness() {
        return checks.of(actors.overview(), actors.status());
    }

    @Override
    public Source<ServiceEvent, NotUsed> events(Optional<Long> after) {
        return observers.events().after(after);
    }

    /** Completes with a summary of the store when the store has been read. */
    public CompletionStage<ClassNotification.StoreLoaded> storeRead() {
        return actors.overview()
                .thenCompose(overview -> overview.loading()
                        ? Patterns.after(
                                Duration.ofMillis(100), started.system().classicSystem(), this::storeRead)
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
        started.evaluation().ifPresent(actor -> actor.tell(new EvaluationActor.Stop()));
        CompletionStage<IntakeActor.Drained> drained = Asks.<ServiceCommand, Done>ask(
                        actors.coordinator(), ServiceCommand.Stop::new, actors.scheduler())
                .thenCompose(done -> matching.ended()
                        .toCompletableFuture()
                        .completeOnTimeout(done, grace.toMillis() / 3, TimeUnit.MILLISECONDS))
                .thenCompose(done -> ask(IntakeActor.Drain::new));
        return drained.toCompletableFuture()
                .orTimeout(grace.toMillis(), TimeUnit.MILLISECONDS)
                .thenApply(all -> all.unsaved().isEmpty())
                .exceptionally(late -> false);
    }

    /** Ends the service without saving. An actor that does not stop is left behind after a minute. */
    public CompletionStage<Done> end() {
        return ServiceSystem.terminate(started.system(), ENDING).thenApply(done -> {
            request.store().close();
            return done;
        });
    }

    /** Saves and then ends the service, see {@link #save}. */
    public CompletionStage<Boolean> stop(Duration grace) {
        return save(grace).thenCompose(saved -> end().thenApply(done -> saved));
    }
}
