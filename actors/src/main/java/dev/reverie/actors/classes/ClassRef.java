package dev.reverie.actors.classes;

import dev.reverie.actors.Asks;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;

/**
 * Reference to a class that takes part in a distillation.
 *
 * @param label class index
 * @param name name of the class in messages
 * @param size number of real images of the class in a run; always 0 in a service
 * @param actor the actor that owns the class
 * @param liveness fails all pending asks when the class is forgotten, no longer lives in this process or does not reply
 * @param elsewhere whether the class may live in another process, whose messages can be lost; only requests that may be
 *     repeated can then be sent
 */
public record ClassRef(
        int label, String name, int size, ActorRef<ClassActor.Command> actor, Liveness liveness, boolean elsewhere) {

    /** Creates a reference to a class that is never forgotten. */
    public ClassRef(int label, String name, int size, ActorRef<ClassActor.Command> actor) {
        this(label, name, size, actor, new Liveness(), false);
    }

    /** Asks the class actor; fails if the liveness ends before the actor has replied. */
    public <R> CompletionStage<R> ask(Function<ActorRef<R>, ClassActor.Command> message, Scheduler scheduler) {
        return liveness.whileAlive(
                elsewhere ? Asks.askRepeatedly(actor, message, scheduler) : Asks.ask(actor, message, scheduler));
    }
}
