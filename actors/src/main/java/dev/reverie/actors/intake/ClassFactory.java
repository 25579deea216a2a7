package dev.reverie.actors.intake;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.lifecycle.ClassCapacity;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.lifecycle.ClassSetup;
import dev.reverie.actors.lifecycle.DamagedClassActor;
import dev.reverie.actors.lifecycle.DurableClassActor;
import dev.reverie.actors.registry.ClassRegistryEvent;
import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.reservoir.TestShare;
import dev.reverie.gpu.method.Seeds;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;

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
     * @param capacity capacity that the class gets with its first samples
     * @param damage what is wrong with the rows of the class; empty if they are whole
     * @param reports receives the reports of the class
     */
    public Behavior<ClassMessage> create(
            ClassRegistryState registry,
            int classIndex,
            ClassCapacity capacity,
            Optional<String> damage,
            ActorRef<ClassReport> reports) {
        if (damage.isPresent()) {
            return DamagedClassActor.create(classIndex, damage.get(), reports);
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
                        capacity),
                settings.distillation().apply(registry.shape().orElseThrow()),
                settings.retention(),
                settings.clock(),
                reports);
    }

    /** Capacity of each class of a registry that has at least one. */
    public ClassCapacity capacity(ClassRegistryState registry) {
        return settings.limits()
                .capacityPerClass(
                        registry.names().size(), registry.shape().orElseThrow().size(), settings.testShare());
    }
}
