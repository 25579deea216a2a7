package dev.reverie.streams.runtime;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.evaluation.EvaluationActor;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.intake.IntakePlan;
import dev.reverie.actors.service.ServiceCommand;
import dev.reverie.actors.service.ServiceCoordinator;
import dev.reverie.actors.service.ServicePlan;
import dev.reverie.actors.telemetry.TelemetryActor;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.streams.service.MemoryView;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The actors of a service, and the system they live in, which ends with its intake or its coordinator.
 *
 * @param memory as the classes of the intake have it
 * @param evaluation of the memory, if it is evaluated
 */
record ServiceSystem(
        ActorSystem<?> system,
        ServiceActorRefs actors,
        MemoryCache memory,
        Optional<ActorRef<EvaluationActor.Command>> evaluation) {

    /** Made before the actor system is: its threads would race for the logging back end. */
    private static final Logger LOG = LoggerFactory.getLogger(ServiceSystem.class);

    /** Threads that end with the process, whatever they are at. */
    private static final Executor LEARNERS =
            work -> Thread.ofPlatform().daemon().name("reverie-learner").start(work);

    /**
     * Starts it.
     *
     * @param listeners get every event, in this order, from one thread
     */
    static ServiceSystem start(ServiceRequest request, List<TelemetryListener> listeners) {
        CompletableFuture<ServiceSystem> started = new CompletableFuture<>();
        ActorSystem.create(
                Behaviors.<Void>setup(context -> {
                    started.complete(spawn(context, request, listeners));
                    return endingWithEither();
                }),
                "reverie",
                request.store()
                        .configuration()
                        .withFallback(ConfigFactory.load("reverie"))
                        .resolve());
        return started.join();
    }

    private static ServiceSystem spawn(
            ActorContext<Void> context, ServiceRequest request, List<TelemetryListener> listeners) {
        TelemetryListener telemetry =
                TelemetryActor.publisher(context.spawn(TelemetryActor.create(listeners), "telemetry"));
        ActorRef<IntakeActor.Command> intake = context.spawn(
                IntakeActor.create(new IntakePlan(
                        request.settings(), request.limits(), request.store(), request.clock(), learnedBytes())),
                "intake");
        ActorRef<ServiceCommand> coordinator = context.spawn(
                ServiceCoordinator.create(new ServicePlan(
                        request.settings(),
                        request.policy(),
                        request.budget(),
                        intake,
                        request.store(),
                        request.engines(),
                        request.clock(),
                        telemetry)),
                "coordinator");
        context.watch(intake);
        context.watch(coordinator);
        ServiceActorRefs actors =
                new ServiceActorRefs(intake, coordinator, context.getSystem().scheduler());
        MemoryCache memory = new MemoryCache(actors::gathering, request::factor, request.clock(), actors.scheduler());
        Optional<ActorRef<EvaluationActor.Command>> evaluation = request.evaluation()
                .map(policy -> context.spawn(
                        EvaluationActor.create(new EvaluationActor.Plan(
                                policy,
                                () -> memory.get().thenApply(view -> view.map(MemoryView::set)),
                                intake,
                                request.clock(),
                                LEARNERS,
                                telemetry)),
                        "evaluation"));
        return new ServiceSystem(context.getSystem(), actors, memory, evaluation);
    }

    /** Half of the heap: the rest is for real images and what is on its way. */
    private static long learnedBytes() {
        return Runtime.getRuntime().maxMemory() / 2;
    }

    /** A service that can't take in or coordinate its work any more is better started anew than pretending to do it. */
    private static Behavior<Void> endingWithEither() {
        return Behaviors.receiveSignal((context, signal) -> {
            if (signal instanceof Terminated gone) {
                LOG.error(
                        "The {} broke down, and the service ends with it",
                        gone.getRef().path().name());
                return Behaviors.stopped();
            }
            return Behaviors.same();
        });
    }
}
