package dev.reverie.actors;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/**
 * Sends requests to actors and returns stages that complete with the replies. A request gets exactly one reply unless
 * its handling throws an exception, but a job may take hours. The timeout that Pekko requires is therefore 100 days,
 * unless the caller sets a shorter one.
 */
public final class Asks {

    private static final Duration NO_TIMEOUT = Duration.ofDays(100);

    private static final int ATTEMPTS = 3;
    private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(2);

    private Asks() {}

    /**
     * Sends a message and returns the reply to it.
     *
     * @param message creates the message, given the actor that receives the reply
     */
    public static <M, R> CompletionStage<R> ask(
            ActorRef<M> actor, Function<ActorRef<R>, M> message, Scheduler scheduler) {
        return AskPattern.ask(actor, message::apply, NO_TIMEOUT, scheduler);
    }

    /** Like {@link #ask(ActorRef, Function, Scheduler)}, but fails after a timeout. */
    public static <M, R> CompletionStage<R> ask(
            ActorRef<M> actor, Function<ActorRef<R>, M> message, Duration timeout, Scheduler scheduler) {
        return AskPattern.ask(actor, message::apply, timeout, scheduler);
    }

    /**
     * Like {@link #ask(ActorRef, Function, Duration, Scheduler)} for an actor on another node, whose messages can be
     * lost. Sends the message up to three times, 2 s apart, so the actor may get it several times. Fails with a
     * {@link TimeoutException} 2 s after the last time, or at once if the actor is on this node and has stopped.
     */
    public static <M, R> CompletionStage<R> askRepeatedly(
            ActorRef<M> actor, Function<ActorRef<R>, M> message, Scheduler scheduler) {
        return askRepeatedly(actor, message, ATTEMPTS, scheduler);
    }

    private static <M, R> CompletionStage<R> askRepeatedly(
            ActorRef<M> actor, Function<ActorRef<R>, M> message, int attempts, Scheduler scheduler) {
        CompletionStage<R> reply = ask(actor, message, ATTEMPT_TIMEOUT, scheduler);
        return attempts == 1
                ? reply
                : reply.exceptionallyCompose(failure -> askRepeatedly(actor, message, attempts - 1, scheduler));
    }

    /** Completes with all results in the order of the stages; fails, after all have completed, if one has failed. */
    public static <R> CompletionStage<List<R>> all(List<CompletionStage<R>> stages) {
        List<CompletableFuture<R>> futures =
                stages.stream().map(CompletionStage::toCompletableFuture).toList();
        return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
                .thenApply(_ -> futures.stream().map(CompletableFuture::join).toList());
    }

    /**
     * Sends an actor a message from itself when a stage completes.
     *
     * @param failure creates the message for a failure, which has no {@link CompletionException} around it
     */
    public static <M, T> void pipeToSelf(
            ActorContext<M> context, CompletionStage<T> stage, Function<T, M> success, Function<Throwable, M> failure) {
        context.pipeToSelf(
                stage, (value, cause) -> cause == null ? success.apply(value) : failure.apply(causeOf(cause)));
    }

    /** Removes the {@link CompletionException}s that a chain of stages wraps around a failure. */
    public static Throwable causeOf(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? causeOf(cause) : failure;
    }

    /**
     * The first message of a failure and its causes, because a parallel stream copies an error without its message;
     * otherwise the name of its class.
     */
    public static String reasonOf(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(failure.getClass().getSimpleName());
    }
}
