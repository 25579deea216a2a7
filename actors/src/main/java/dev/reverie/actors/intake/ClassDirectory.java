package dev.reverie.actors.intake;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.registry.ClassRegistryState;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Reaches the registry and the classes of a service. They are actors of this process, or of any process of a cluster,
 * which then all use the same ones.
 */
public interface ClassDirectory {

    boolean livesHere(int classIndex);

    /** Calls a listener with the index of each class that no longer lives in this process, from any thread. */
    void onDeparture(IntConsumer listener);

    /** Name of this process among those that use the same registry; empty if it is the only one. */
    Optional<String> node();

    /** Returns the classes of a service that is a single process. */
    static ClassDirectory local(IntakeSettings settings) {
        return new SingleProcessClasses(settings);
    }

    /**
     * Returns the actor that appends to the registry. Whoever owns the registry deletes the rows of forgotten classes.
     *
     * @param reports receives the registry now and after every change
     */
    ActorRef<ClassRegistryActor.Append> registry(ActorContext<?> context, ActorRef<ClassRegistryActor.Report> reports);

    /**
     * Returns the actor that handles the messages to a class.
     *
     * @param registry a registry that has the class
     * @param reports receives the reports of the class, the first one when it has recovered or has failed to recover
     */
    ActorRef<ClassMessage> open(
            ActorContext<?> context, ClassRegistryState registry, int classIndex, ActorRef<ClassReport> reports);

    /** Brings the open classes to the capacity that they have in a registry. */
    void onRegistry(ClassRegistryState registry);
}
