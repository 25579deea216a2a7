package dev.reverie.actors.classes;

import dev.reverie.actors.Request;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;

/**
 * A class that takes part in a run.
 *
 * @param label class index
 * @param size of its reservoir
 * @param actor its owner
 */
public record Member(int label, String name, int size, ActorRef<ClassActor.Command> actor) {

    /** Asks its owner. */
    public <R> CompletionStage<R> ask(Function<ActorRef<R>, ClassActor.Command> message, Scheduler scheduler) {
        return Request.ask(actor, message, scheduler);
    }
}
