package dev.reverie.streams.runtime;

import dev.reverie.actors.Asks;
import dev.reverie.actors.CoalescedRequest;
import dev.reverie.actors.ThrottledWarning;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.intake.OpenClass;
import dev.reverie.actors.service.MemoryBudget;
import dev.reverie.gpu.coded.Coding;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the classes for their images again and again, each one only when it has replied to the last request: the
 * messages to a class that cannot use the store wait in memory. Keeps the last images of each class, even those for
 * which nobody waited. Thread safe.
 */
final class ServedClasses {

    private static final Logger LOG = LoggerFactory.getLogger(ServedClasses.class);

    /** A class can be silent for longer, for example because the store is slow. */
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final MemoryBudget budget;
    private final Scheduler scheduler;
    private final ThrottledWarning warning = new ThrottledWarning();
    private final Map<Integer, Asked> classes = new ConcurrentHashMap<>();
    /** How the images of a class are coded, which depends on the number of classes if they share a number of bytes. */
    private volatile Coding coding;

    ServedClasses(MemoryBudget budget, Scheduler scheduler) {
        this.budget = budget;
        this.scheduler = scheduler;
        this.coding = budget.coding();
    }

    /**
     * Asks a class, or waits for its reply to an earlier call, which can be older than what is known. Returns the last
     * images if the class does not reply in time; at once, if it is failing or has not replied in time to an earlier
     * call. Empty if it has never replied.
     */
    CompletionStage<Optional<ServedClass>> of(OpenClass known) {
        Asked asked = classes.computeIfAbsent(known.info().index(), _ -> new Asked(known.actor()));
        if (known.failing()) {
            asked.request.drop(); // it may be lost: the class is asked anew as soon as it has recovered
            return CompletableFuture.completedStage(asked.last);
        }
        return asked.request.ask(scheduler).handle((_, failure) -> {
            Optional.ofNullable(failure).map(Asks::causeOf).ifPresent(this::warn);
            return asked.last;
        });
    }

    /** Drops what is known of all other classes, and divides the bytes among these. */
    void retainAll(Set<Integer> indices) {
        classes.keySet().retainAll(indices);
        coding = budget.coding(indices.size());
    }

    /** Size of the picture of a class in bytes; empty if its images have not been read yet. */
    OptionalLong codedBytes(int classIndex) {
        return Optional.ofNullable(classes.get(classIndex))
                .flatMap(asked -> asked.last)
                .map(ServedClass::codedBytes)
                .orElse(OptionalLong.empty());
    }

    private void warn(Throwable cause) {
        if (!(cause instanceof TimeoutException) && warning.isDue(cause.getClass())) {
            LOG.warn("A class failed to reply, because of the following error; its last state is shown", cause);
        }
    }

    private final class Asked {

        final CoalescedRequest<ClassMessage, ClassActor.Average> request;
        volatile Optional<ServedClass> last = Optional.empty();

        Asked(ActorRef<ClassMessage> actor) {
            request = new CoalescedRequest<>(actor, ClassActor.ReadAverage::new, TIMEOUT, this::onReply);
        }

        private synchronized void onReply(ClassActor.Average replied) {
            if (last.filter(known -> known.isOf(replied, coding)).isEmpty()) {
                ServedClass now = new ServedClass(replied, coding, last);
                last = last.filter(known -> known.digest().equals(now.digest())).or(() -> Optional.of(now));
            }
        }
    }
}
