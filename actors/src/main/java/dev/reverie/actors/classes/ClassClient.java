package dev.reverie.actors.classes;

import dev.reverie.actors.Asks;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;

/**
 * Reference to a class that takes part in a distillation.
 *
 * @param name name of the class in messages
 * @param size number of real images of the class in a run; always 0 in a service
 * @param actor the actor that owns the class
 * @param pendingAsks fail when the class is forgotten, no longer lives in this process or does not reply
 * @param home where the class lives
 */
public record ClassClient(
        int classIndex, String name, int size, ActorRef<ClassActor.Command> actor, PendingAsks pendingAsks, Home home) {

    /** Where a class lives, which decides how requests to it can fail. */
    public enum Home {
        /** In a run of this process, which fails with the class. */
        RUN,
        /** In a service of this process: the actor restarts after a defect, and drops the request that caused it. */
        SERVICE,
        /** Perhaps in another process, whose messages can be lost; only requests that may be repeated can be sent. */
        ELSEWHERE
    }

    /** A class of a service replies to most requests at once, or not at all. */
    private static final Duration LONGEST_REPLY = Duration.ofMinutes(2);

    /** A class of a service replies to a request that has to be stored only when its store accepts writes. */
    private static final Duration LONGEST_STORE = Duration.ofHours(1);

    /** Creates a reference to a class of a run, which is never forgotten. */
    public ClassClient(int classIndex, String name, int size, ActorRef<ClassActor.Command> actor) {
        this(classIndex, name, size, actor, new PendingAsks(), Home.RUN);
    }

    /**
     * Asks the class actor; fails if the pending asks end before the actor has replied. Also fails if a class in a
     * service of this process has not replied after two minutes. A class that lives elsewhere is asked as
     * {@link Asks#askRepeatedly} does, so it may execute the request up to three times.
     */
    public <R> CompletionStage<R> ask(Function<ActorRef<R>, ClassActor.Command> message, Scheduler scheduler) {
        CompletionStage<R> reply =
                switch (home) {
                    case RUN -> Asks.ask(actor, message, scheduler);
                    case SERVICE -> Asks.ask(actor, message, LONGEST_REPLY, scheduler);
                    case ELSEWHERE -> Asks.askRepeatedly(actor, message, scheduler);
                };
        return pendingAsks.whileAlive(reply);
    }

    /**
     * Like {@link #ask} for a request that has to be stored: waits for up to an hour for a class of a service, because
     * it postpones the request while its store accepts no writes. After that, the request may still be pending. It can
     * be sent again, and the class then executes only one of them. The class must live in this process.
     */
    public <R> CompletionStage<R> askToStore(Function<ActorRef<R>, ClassActor.Command> message, Scheduler scheduler) {
        return pendingAsks.whileAlive(
                home == Home.RUN
                        ? Asks.ask(actor, message, scheduler)
                        : Asks.ask(actor, message, LONGEST_STORE, scheduler));
    }
}
