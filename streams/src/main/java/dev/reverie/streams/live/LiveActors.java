package dev.reverie.streams.live;

import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.intake.Intake;
import dev.reverie.actors.intake.IntakePlan;
import dev.reverie.actors.live.LiveCommand;
import dev.reverie.actors.live.LiveCoordinator;
import dev.reverie.actors.live.LivePlan;
import dev.reverie.actors.telemetry.TelemetryListener;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The actors that a service consists of, and the system that ends with either of them. */
record LiveActors(ActorSystem<?> system, ActorRef<Intake.Command> intake, ActorRef<LiveCommand> coordinator) {

    /** Made before the actor system is: its threads would race for the logging back end. */
    private static final Logger LOG = LoggerFactory.getLogger(LiveActors.class);

    private record Spawned(ActorRef<Intake.Command> intake, ActorRef<LiveCommand> coordinator) {}

    /**
     * Starts them.
     *
     * @param own hears every event after the listeners of the request
     */
    static LiveActors start(LiveRequest request, TelemetryListener own) {
        List<TelemetryListener> listeners =
                Stream.concat(request.listeners().stream(), Stream.of(own)).toList();
        CompletableFuture<Spawned> spawned = new CompletableFuture<>();
        ActorSystem<Void> system = ActorSystem.create(
                Behaviors.setup(context -> {
                    ActorRef<Intake.Command> intake = context.spawn(
                            Intake.create(new IntakePlan(
                                    request.settings(),
                                    request.limits(),
                                    request.store(),
                                    request.clock(),
                                    learnedBytes())),
                            "intake");
                    ActorRef<LiveCommand> coordinator = context.spawn(
                            LiveCoordinator.create(new LivePlan(
                                    request.settings(),
                                    request.policy(),
                                    request.budget(),
                                    intake,
                                    request.store(),
                                    request.engines(),
                                    request.clock(),
                                    listeners)),
                            "coordinator");
                    context.watch(intake);
                    context.watch(coordinator);
                    spawned.complete(new Spawned(intake, coordinator));
                    return endingWithEither();
                }),
                "reverie",
                request.store()
                        .configuration()
                        .withFallback(ConfigFactory.load("reverie"))
                        .resolve());
        Spawned both = spawned.join();
        return new LiveActors(system, both.intake(), both.coordinator());
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
