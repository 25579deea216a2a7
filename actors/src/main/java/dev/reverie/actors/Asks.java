package dev.reverie.actors;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/**
 * Asks an actor for its one reply. Every request in this system is answered exactly once and jobs may take hours, so no
 * reply is waited for by the clock: the deadline that asking needs lies out of reach.
 */
public final class Asks {

    private static final Duration OUT_OF_REACH = Duration.ofDays(100);

    private Asks() {}

    /**
     * Sends a message and gives its reply.
     *
     * @param message makes the message, given where the reply goes
     */
    public static <M, R> CompletionStage<R> ask(
            ActorRef<M> actor, Function<ActorRef<R>, M> message, Scheduler scheduler) {
        return AskPattern.ask(actor, message::apply, OUT_OF_REACH, scheduler);
    }

    /**
     * As {@link #ask(ActorRef, Function, Scheduler)}, for whoever can do without a reply; fails when the time is over.
     */
    public static <M, R> CompletionStage<R> ask(
            ActorRef<M> actor, Function<ActorRef<R>, M> message, Duration patience, Scheduler scheduler) {
        return AskPattern.ask(actor, message::apply, patience, scheduler);
    }

    /** Every result, in the order of the stages; fails if one of them does. */
    public static <R> CompletionStage<List<R>> all(List<CompletionStage<R>> stages) {
        List<CompletableFuture<R>> futures =
                stages.stream().map(CompletionStage::toCompletableFuture).toList();
        return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                .thenApply(done -> futures.stream().map(CompletableFuture::join).toList());
    }

    /** What really went wrong in a chain of stages, which wrap it. */
    public static Throwable causeOf(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? causeOf(cause) : failure;
    }
}
