package dev.reverie.streams.runtime;

import dev.reverie.actors.Asks;
import dev.reverie.actors.evaluation.EvaluationActor;
import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.registry.ClassNotification;
import dev.reverie.actors.service.ServiceCommand;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.streams.MatchingStream;
import dev.reverie.streams.service.ClassStatus;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.MemoryView;
import dev.reverie.streams.service.Readiness;
import dev.reverie.streams.service.ServiceEvent;
import dev.reverie.streams.service.ServiceStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running service: an actor system with an intake and a coordinator over one store, and the matching stream between
 * the classes and the worker. Thread safe.
 */
public final class ActorMemoryService implements MemoryService {

    private static final Logger LOG = LoggerFactory.getLogger(ActorMemoryService.class);

    /** Pixels that the network's pooling wants. */
    private static final int LEAST_SIDE = 2;

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    /** Whoever asks whether a service is ready seldom waits for three. */
    private static final Duration STORE_PATIENCE = Duration.ofSeconds(2);

    private final ActorSystem<?> system;
    private final Store store;
    private final ServiceActorRefs actors;
    private final MemoryCache memory;
    private final Optional<ActorRef<EvaluationActor.Command>> evaluation;
    private final EventLog events;
    private final LatestEvaluation evaluated;
    private final ToIntFunction<ImageShape> factor;
    private final ClassStatusQuery statuses;
    private final InstantSource clock;
    private final Instant start;
    private final ReadinessChecks checks;
    private volatile CompletionStage<Done> matching = CompletableFuture.completedStage(Done.getInstance());
    private volatile boolean stopping;

    private ActorMemoryService(ServiceRequest request, ServiceSystem started, Heard heard, Instant start) {
        this.system = started.system();
        this.store = request.store();
        this.actors = started.actors();
        this.memory = started.memory();
        this.evaluation = started.evaluation();
        this.events = heard.events();
        this.evaluated = heard.evaluated();
        this.clock = request.clock();
        this.start = start;
        this.factor = request::factor;
        this.statuses = new ClassStatusQuery(system.scheduler());
        this.checks = new ReadinessChecks(new StoreProbe(store::probe, clock, STORE_PATIENCE));
    }

    /** What the service keeps of its own telemetry. */
    private record Heard(EventLog events, LatestEvaluation evaluated) {}

    /** Starts a service, which begins by reading its store, and returns at once. */
    public static ActorMemoryService start(ServiceRequest request) {
        Instant start = request.clock().instant();
        Heard heard = new Heard(new EventLog(request.clock()), new LatestEvaluation());
        List<TelemetryListener> listeners = Stream.concat(
                        request.listeners().stream(),
                        Stream.of(new TelemetryEvents(heard.events(), request.clock()), heard.evaluated()))
                .toList();
        ActorMemoryService service =
                new ActorMemoryService(request, ServiceSystem.start(request, listeners), heard, start);
        service.match();
        return service;
    }

    /** Completes when the service has ended, whoever ended it. */
    public CompletionStage<Done> ended() {
        return system.getWhenTerminated();
    }

    /** From now on readiness depends on this check, too. */
    public void alsoCheck(Supplier<Readiness.Check> door) {
        checks.alsoCheck(door);
    }

    /** The actor system it runs in, for doors that are to end with it. */
    public ActorSystem<?> system() {
        return system;
    }

    private void match() {
        matching = MatchingStream.of(actors.coordinator(), ServiceCommand.Visiting::new, system)
                .run(system)
                .whenComplete((done, failure) -> {
                    if (failure != null && !stopping) {
                        LOG.debug("The matching stream failed", failure);
                        actors.coordinator().tell(new ServiceCommand.MatchingFailed(Asks.causeOf(failure)));
                        system.scheduler().scheduleOnce(PAUSE_AFTER_FAILURE, this::match, system.executionContext());
                    }
                });
    }

    @Override
    public CompletionStage<DeliveryOutcome> admit(Delivery delivery) {
        ImageShape shape = delivery.samples().getFirst().image().shape();
        int least = Math.max(LEAST_SIDE, factor.applyAsInt(shape));
        if (Math.min(shape.height(), shape.width()) < least) {
            return CompletableFuture.completedStage(new DeliveryOutcome.Refused(
                    DeliveryOutcome.Reason.SHAPE_MISMATCH,
                    "images of " + shape + " are too small: want at least " + least + "x" + least + " pixels"));
        }
        Instant came = clock.instant();
        return Asks.<IntakeActor.Command, DeliveryOutcome>ask(
                        actors.intake(), replyTo -> new IntakeActor.Deliver(delivery, replyTo), system.scheduler())
                .thenApply(admission -> {
                    if (admission instanceof DeliveryOutcome.Accepted accepted) {
                        onAccepted(delivery, came, accepted);
                    }
                    return admission;
                });
    }

    /** Where some were seen before, nobody says which: the memory is not to be tested on those. */
    private void onAccepted(Delivery delivery, Instant came, DeliveryOutcome.Accepted accepted) {
        memory.admitted(delivery.samples().stream().map(Sample::label).collect(Collectors.toUnmodifiableSet()));
        if (accepted.duplicates() == 0) {
            evaluation.ifPresent(actor -> actor.tell(new EvaluationActor.Accepted(came, delivery.samples())));
        }
    }

    @Override
    public CompletionStage<List<ClassStatus>> classes() {
        return actors.whole().thenCompose(view -> statuses.of(view.classes()));
    }

    @Override
    public CompletionStage<Optional<ClassStatus>> classNamed(String label) {
        return actors.whole()
                .thenCompose(view -> statuses.of(view.classes().stream()
                        .filter(handle -> handle.name().equals(label))
                        .findFirst()));
    }

    @Override
    public CompletionStage<Optional<MemoryView>> memory() {
        return memory.get();
    }

    @Override
    public CompletionStage<Optional<ClassStatus>> seal(String label) {
        return actors.whole()
                .thenCompose(view -> Asks.<IntakeActor.Command, IntakeActor.Sealed>ask(
                        actors.intake(), replyTo -> new IntakeActor.Seal(label, replyTo), system.scheduler()))
                .thenCompose(answer -> {
                    memory.outdate();
                    return statuses.of(answer.handle());
                });
    }

    @Override
    public CompletionStage<Boolean> forget(String label) {
        return actors.whole()
                .thenCompose(view -> Asks.<IntakeActor.Command, IntakeActor.Forgotten>ask(
                        actors.intake(), replyTo -> new IntakeActor.Forget(label, replyTo), system.scheduler()))
                .thenApply(answer -> {
                    memory.outdate();
                    return answer.existed();
                });
    }

    @Override
    public CompletionStage<ServiceStatus> status() {
        return actors.look()
                .thenCombine(
                        actors.progress(),
                        (view, status) -> new ServiceStatus(
                                view.store().samples(),
                                view.classes().size(),
                                status.innerLoops(),
                                status.outerIterations(),
                                Duration.between(start, clock.instant()),
                                status.worker(),
                                evaluated.get()));
    }

    @Override
    public CompletionStage<Readiness> readiness() {
        return checks.of(actors.look(), actors.progress());
    }

    @Override
    public Source<ServiceEvent, NotUsed> events(Optional<Long> after) {
        return events.after(after, system);
    }

    /** Completes, in one line about it, when the store has been read. */
    public CompletionStage<ClassNotification.StoreLoaded> storeRead() {
        return actors.look()
                .thenCompose(view -> view.loading()
                        ? org.apache.pekko.pattern.Patterns.after(
                                Duration.ofMillis(100), system.classicSystem(), this::storeRead)
                        : CompletableFuture.completedStage(view.store()));
    }

    /** From now on it is not ready, so that whoever deals out requests goes elsewhere; all else goes on. */
    public void leave() {
        checks.leave();
    }

    /**
     * Takes nothing more, and makes everything durable that was taken or learned; it can still be asked. What can't be
     * made durable within the grace is left as it was saved last.
     *
     * @return whether everything was saved
     */
    public CompletionStage<Boolean> save(Duration grace) {
        leave();
        stopping = true;
        evaluation.ifPresent(actor -> actor.tell(new EvaluationActor.Stop()));
        CompletionStage<Done> drained = Asks.<ServiceCommand, Done>ask(
                        actors.coordinator(), ServiceCommand.Stop::new, system.scheduler())
                .thenCompose(done -> matching.exceptionally(failed -> Done.getInstance()))
                .thenCompose(done -> Asks.<IntakeActor.Command, Done>ask(
                        actors.intake(), IntakeActor.Drain::new, system.scheduler()));
        return drained.toCompletableFuture()
                .orTimeout(grace.toMillis(), TimeUnit.MILLISECONDS)
                .handle((done, failure) -> failure == null);
    }

    /** Ends, as it is. */
    public CompletionStage<Done> end() {
        system.terminate();
        return system.getWhenTerminated().thenApply(done -> {
            store.close();
            return done;
        });
    }

    /** Saves and ends; as {@link #save}. */
    public CompletionStage<Boolean> stop(Duration grace) {
        return save(grace).thenCompose(saved -> end().thenApply(done -> saved));
    }
}
