package dev.reverie.actors;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;

/**
 * A request that is made again and again, but sent only if the actor has replied to the last one; otherwise, all
 * callers get the reply to that one. All messages to an actor that cannot process them, for example because its store
 * is away, wait in memory. Thread safe.
 *
 * <p>Since a message can be lost, the request is also sent again five seconds after the last time, and then after
 * pauses that double up to a minute.
 *
 * @param <M> type of the actor's messages
 * @param <R> type of the reply
 */
public final class CoalescedRequest<M, R> {

    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final ActorRef<M> actor;
    private final Function<ActorRef<R>, M> message;
    private final Duration timeout;
    private final Consumer<R> onReply;
    private Duration pause = SHORTEST_PAUSE;
    private Optional<Sent<R>> last = Optional.empty();

    /** A request that was sent, and its reply for those who wait no longer than the timeout. */
    private record Sent<T>(CompletableFuture<T> request, CompletableFuture<T> reply) {}

    /**
     * Creates a request that has not been sent.
     *
     * @param message creates the message, given the actor that receives the reply
     * @param timeout time after which {@link #ask} fails
     * @param onReply called with every reply, even one for which nobody waits any longer
     */
    public CoalescedRequest(
            ActorRef<M> actor, Function<ActorRef<R>, M> message, Duration timeout, Consumer<R> onReply) {
        this.actor = actor;
        this.message = message;
        this.timeout = timeout;
        this.onReply = onReply;
    }

    /**
     * Returns the reply to the last request if the actor owes it, or sends another request. Fails when the timeout has
     * passed since the request was sent, so at once if the actor owes the reply for longer.
     */
    public synchronized CompletionStage<R> ask(Scheduler scheduler) {
        Sent<R> awaited = last.filter(sent -> !sent.request().isDone()).orElseGet(() -> send(scheduler));
        last = Optional.of(awaited);
        return awaited.reply();
    }

    private Sent<R> send(Scheduler scheduler) {
        boolean expired =
                last.filter(sent -> sent.request().isCompletedExceptionally()).isPresent();
        pause = expired ? Collections.min(List.of(pause.multipliedBy(2), LONGEST_PAUSE)) : SHORTEST_PAUSE;
        CompletionStage<R> asked = Asks.ask(actor, message, pause, scheduler).whenComplete((reply, failure) -> {
            if (failure == null) {
                onReply.accept(reply);
            }
        });
        CompletableFuture<R> request = asked.toCompletableFuture();
        CompletionStage<Void> _ = asked.thenRun(this::forgetReply);
        return new Sent<>(request, request.copy().orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Drops the last request if it has got its reply, which can be large. */
    private synchronized void forgetReply() {
        last = last.filter(sent -> !sent.request().isDone() || sent.request().isCompletedExceptionally());
    }

    /** Waits for no reply, because the actor has moved: {@link #ask} sends the next request. */
    public synchronized void drop() {
        last = Optional.empty();
    }
}
