package dev.reverie.actors.intake;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.lifecycle.ClassCapacity;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.registry.RegistryCheck;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * The registry and the classes of a service that is a single process: children of the intake.
 *
 * @param plan settings of the service
 */
record SingleProcessClasses(IntakePlan plan) implements ClassDirectory {

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public boolean livesHere(int label) {
        return true;
    }

    @Override
    public void onDeparture(IntConsumer listener) {
        // A class stays until it is forgotten.
    }

    @Override
    public Optional<String> node() {
        return Optional.empty();
    }

    @Override
    public ActorRef<ClassRegistryActor.Append> registry(
            ActorContext<?> context, ActorRef<ClassRegistryActor.Report> reports) {
        return context.spawn(ClassRegistryActor.create(plan.retention(), reports), "registry");
    }

    @Override
    public ActorRef<ClassMessage> open(
            ActorContext<?> context,
            ClassRegistryState registry,
            int label,
            ClassCapacity capacity,
            ActorRef<ClassReport> reports) {
        return context.spawn(
                new ClassFactory(plan)
                        .create(
                                registry,
                                label,
                                capacity,
                                new RegistryCheck(registry, plan.damage()).damageOf(label),
                                reports),
                "class-" + label);
    }
}
