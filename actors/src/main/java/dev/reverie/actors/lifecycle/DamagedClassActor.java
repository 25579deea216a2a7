package dev.reverie.actors.lifecycle;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.store.StoreFailure;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Stands in for a class whose rows are damaged, because the rest of its rows could pass for the whole class. Like a
 * class that cannot recover, it reports a failure and answers nothing until the class is forgotten. Its rows stay as
 * they are.
 */
public final class DamagedClassActor {

    private DamagedClassActor() {}

    /**
     * Creates the actor, which reports the damage first.
     *
     * @param detail what is wrong with the rows of the class
     * @param supervisor receives the report
     */
    public static Behavior<ClassMessage> create(int classIndex, String detail, ActorRef<ClassReport> supervisor) {
        return Behaviors.setup(context -> {
            supervisor.tell(new ClassReport.Failed(classIndex, StoreFailure.DAMAGED, detail));
            return Behaviors.receive(ClassMessage.class)
                    .onMessage(ClassCommand.Stop.class, stop -> Behaviors.stopped())
                    .build();
        });
    }
}
