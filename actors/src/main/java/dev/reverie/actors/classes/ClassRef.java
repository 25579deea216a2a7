package dev.reverie.actors.classes;

import dev.reverie.actors.Asks;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;

/**
 * A class that takes part in a distillation.
 *
 * @param label class index
 * @param size of its reservoir when it joined
 * @param actor its owner
 * @param presence of the owner
 */
public record ClassRef(int label, String name, int size, ActorRef<ClassActor.Command> actor, Liveness presence) {

    /** A class that stays to the end. */
    public ClassRef(int label, String name, int size, ActorRef<ClassActor.Command> actor) {
        this(label, name, size, actor, new Liveness());
    }

    /** Asks its owner; fails if the owner goes before it has answered. */
    public <R> CompletionStage<R> ask(Function<ActorRef<R>, ClassActor.Command> message, Scheduler scheduler) {
        return presence.whilePresent(Asks.ask(actor, message, scheduler));
    }
}
