package dev.reverie.actors.cluster;

import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.telemetry.TelemetryEvent.MemoryEvaluated;
import dev.reverie.actors.telemetry.TelemetryListener;
import java.util.Optional;
import java.util.function.Function;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Reports the evaluations of the cluster to the listeners of one node. An evaluation waits until the node's copy of the
 * registry has all its classes; classes that are forgotten by then are left out.
 */
final class EvaluationReporter extends AbstractMatchingBehavior<EvaluationReporter.Command> {

    sealed interface Command extends NoSerializationVerificationNeeded {}

    private record Evaluated(ReplicatedEvaluation evaluation, boolean here) implements Command {}

    private record RegistryChanged(ClassRegistryState registry) implements Command {}

    private final TelemetryListener telemetry;
    private ClassRegistryState registry = ClassRegistryState.EMPTY;
    private Optional<Evaluated> waiting = Optional.empty();

    private EvaluationReporter(ActorContext<Command> context, TelemetryListener telemetry) {
        super(context);
        this.telemetry = telemetry;
        EvaluationSingleton.subscribe(context, Evaluated::new);
        context.spawn(registryReader(context.getSelf()), "registry-reader");
    }

    /** An actor can read only one of the data that all nodes share. */
    private static Behavior<ClassRegistryState> registryReader(ActorRef<Command> reporter) {
        return Behaviors.setup(context -> {
            new RegistryView<>(context).subscribe(Function.identity());
            return Behaviors.receiveMessage(registry -> {
                reporter.tell(new RegistryChanged(registry));
                return Behaviors.same();
            });
        });
    }

    static Behavior<Command> create(TelemetryListener telemetry) {
        return Behaviors.setup(context -> new EvaluationReporter(context, telemetry));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Evaluated evaluated -> waiting = Optional.of(evaluated);
            case RegistryChanged(var changed) -> registry = changed;
        }
        waiting.filter(last -> last.evaluation().classIndices().stream().noneMatch(registry::isUnassigned))
                .ifPresent(this::report);
        return this;
    }

    private void report(Evaluated evaluated) {
        waiting = Optional.empty();
        MemoryEvaluated event = evaluated.evaluation().toEvent(registry.names(), evaluated.here());
        if (!event.accuracies().isEmpty()) {
            telemetry.on(event);
        }
    }
}
