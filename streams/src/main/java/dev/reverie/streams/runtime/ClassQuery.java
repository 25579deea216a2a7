package dev.reverie.streams.runtime;

import dev.reverie.actors.Asks;
import dev.reverie.actors.CoalescedRequest;
import dev.reverie.actors.ThrottledWarning;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.intake.KnownClass;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A query that classes get again and again, each one only when it has replied to the last one: the messages to a class
 * that cannot use the store wait in memory. Keeps what matters of the last reply of each class, even of one that nobody
 * waited for. Thread safe.
 *
 * @param <A> type of the answer of a class
 * @param <R> what is kept of it
 */
final class ClassQuery<A, R> {

    private static final Logger LOG = LoggerFactory.getLogger(ClassQuery.class);

    /** Longer than a request is outstanding, so that its late reply is not lost. */
    private static final Duration NO_TIMEOUT = Duration.ofDays(1);

    private final Function<ActorRef<A>, ClassMessage> message;
    private final BiFunction<Optional<R>, A, R> keep;
    private final Duration timeout;
    private final Scheduler scheduler;
    private final ThrottledWarning warning = new ThrottledWarning();
    private final Map<Integer, Asked> classes = new ConcurrentHashMap<>();

    /** A sent request, of which {@link CoalescedRequest} returns one stage, and the end of the wait for its reply. */
    private record Sent<T>(CompletionStage<T> request, CompletableFuture<Done> waited) {}

    /**
     * Creates a query that no class has got.
     *
     * @param message creates the message, given the actor that receives the reply
     * @param keep returns what is kept of an answer that has just arrived, given what was kept of earlier ones
     * @param timeout how long to wait for a reply
     */
    ClassQuery(
            Function<ActorRef<A>, ClassMessage> message,
            BiFunction<Optional<R>, A, R> keep,
            Duration timeout,
            Scheduler scheduler) {
        this.message = message;
        this.keep = keep;
        this.timeout = timeout;
        this.scheduler = scheduler;
    }

    /**
     * Asks a class, or waits for its reply to an earlier call, which can be older than what is known. Returns the last
     * reply if the class does not reply in time; at once, if it is failing or has not replied in time to an earlier
     * call. Empty if it has never replied.
     */
    CompletionStage<Optional<R>> ask(KnownClass known) {
        Asked asked = classes.computeIfAbsent(known.info().index(), _ -> new Asked(known.actor()));
        if (known.failing()) {
            asked.drop(); // the request may be lost: the class is asked anew as soon as it has recovered
            return CompletableFuture.completedStage(asked.last());
        }
        return asked.ask().thenApply(_ -> asked.last());
    }

    /** Drops what is known of all other classes. */
    void retainAll(Set<Integer> indices) {
        classes.keySet().retainAll(indices);
    }

    /** A class, its request and its last reply. */
    private final class Asked {

        private final CoalescedRequest<ClassMessage, A> request;
        private Optional<Sent<A>> sent = Optional.empty();
        private Optional<R> last = Optional.empty();

        Asked(ActorRef<ClassMessage> actor) {
            request = new CoalescedRequest<>(actor, message, NO_TIMEOUT);
        }

        synchronized CompletionStage<Done> ask() {
            CompletionStage<A> awaited = request.ask(scheduler);
            Sent<A> current = sent.filter(known -> known.request().equals(awaited))
                    .orElseGet(() -> new Sent<>(awaited, waited(awaited)));
            sent = Optional.of(current);
            return current.waited();
        }

        /** Completes when the class has replied, has failed to reply, or has not replied in time. */
        private CompletableFuture<Done> waited(CompletionStage<A> awaited) {
            return awaited.thenApply(answer -> note(awaited, answer))
                    .exceptionally(ClassQuery.this::onFailure)
                    .toCompletableFuture()
                    .copy() // the stage itself must not be completed by the timeout, or it would not note the reply
                    .completeOnTimeout(Done.getInstance(), timeout.toMillis(), TimeUnit.MILLISECONDS);
        }

        private synchronized Done note(CompletionStage<A> awaited, A answer) {
            last = Optional.of(keep.apply(last, answer));
            sent = sent.filter(known -> !known.request().equals(awaited)); // it holds the answer, which can be large
            return Done.getInstance();
        }

        synchronized Optional<R> last() {
            return last;
        }

        void drop() {
            request.drop();
        }
    }

    private Done onFailure(Throwable failure) {
        Throwable cause = Asks.causeOf(failure);
        if (!(cause instanceof TimeoutException) && warning.isDue(cause.getClass())) {
            LOG.warn("A class failed to reply, because of the following error; its last state is shown", cause);
        }
        return Done.getInstance();
    }
}
