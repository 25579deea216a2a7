package dev.reverie.actors.intake;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.lifecycle.ClassCapacity;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.lifecycle.ClassSetup;
import dev.reverie.actors.lifecycle.DurableClassActor;
import dev.reverie.actors.registry.ClassRegistryEvent;
import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.reservoir.TestShare;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.gpu.method.Seeds;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Creates the actors of classes, which depend on the settings of the service and on the registry only.
 *
 * @param settings settings of the service
 */
public record ClassFactory(IntakeSettings settings) {

    /**
     * Creates the actor of a class.
     *
     * @param registry a registry that has the class
     * @param damage what is wrong with the rows of the class; empty if they are whole
     * @param reports receives the reports of the class
     */
    public Behavior<ClassMessage> create(
            ClassRegistryState registry, int classIndex, Optional<String> damage, ActorRef<ClassReport> reports) {
        if (damage.isPresent()) {
            return damaged(classIndex, damage.get(), reports);
        }
        long reservoirKey = Seeds.of(
                registry.initialised().map(ClassRegistryEvent.Initialised::seed).orElseThrow(),
                Seeds.Purpose.RESERVOIR,
                classIndex);
        String name = Optional.ofNullable(registry.names().get(classIndex)).orElseThrow();
        return DurableClassActor.create(
                new ClassSetup(
                        classIndex,
                        name,
                        new TestShare(reservoirKey, settings.testShare()),
                        settings.maxAge(),
                        capacity(registry),
                        settings.coding()),
                settings.distillation().apply(registry.shape().orElseThrow()),
                settings.retention(),
                settings.clock(),
                reports);
    }

    /**
     * Stands in for a class whose rows are damaged, because the rest of its rows could pass for the whole class. Like a
     * class that cannot recover, it reports a failure and answers nothing until the class is forgotten. Its rows stay
     * as they are.
     */
    private static Behavior<ClassMessage> damaged(int classIndex, String detail, ActorRef<ClassReport> reports) {
        return Behaviors.setup(_ -> {
            reports.tell(new ClassReport.Failed(classIndex, StoreFailure.DAMAGED, detail));
            return Behaviors.receive(ClassMessage.class)
                    .onMessage(ClassCommand.Stop.class, _ -> Behaviors.stopped())
                    .build();
        });
    }

    /** Capacity of each class of a registry that has at least one. */
    public ClassCapacity capacity(ClassRegistryState registry) {
        return settings.limits()
                .capacityPerClass(
                        registry.names().size(), registry.shape().orElseThrow().size(), settings.testShare());
    }
}
