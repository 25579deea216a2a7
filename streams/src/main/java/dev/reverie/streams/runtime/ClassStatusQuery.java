package dev.reverie.streams.runtime;

import dev.reverie.actors.Asks;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassSummary;
import dev.reverie.actors.registry.ClassHandle;
import dev.reverie.streams.service.ClassStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.Scheduler;

/**
 * Queries the status of classes. For a class that does not respond within a second, returns the last known status, with
 * all samples and the seal that the intake knows to be durable or under way. Does not wait for a damaged class. Thread
 * safe.
 */
final class ClassStatusQuery {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final Scheduler scheduler;
    private final Map<Integer, ClassStatus> last = new ConcurrentHashMap<>();

    ClassStatusQuery(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Returns the status of the given classes. Drops the last known status of all others. */
    CompletionStage<List<ClassStatus>> of(List<ClassHandle> all) {
        last.keySet().retainAll(all.stream().map(ClassHandle::index).collect(Collectors.toSet()));
        return Asks.all(all.stream().map(this::of).toList());
    }

    /** Returns the status of the class, if it is present. */
    CompletionStage<Optional<ClassStatus>> of(Optional<ClassHandle> found) {
        return found.map(handle -> of(handle).thenApply(Optional::of))
                .orElseGet(() -> CompletableFuture.completedStage(Optional.empty()));
    }

    private CompletionStage<ClassStatus> of(ClassHandle handle) {
        if (handle.damaged()) {
            return CompletableFuture.completedStage(StatusMapper.of(handle));
        }
        return Asks.<ClassMessage, ClassSummary>ask(handle.actor(), ClassCommand.GetSummary::new, TIMEOUT, scheduler)
                .thenApply(summary -> StatusMapper.of(handle, summary))
                .thenApply(status -> last.merge(handle.index(), status, ClassStatusQuery::newer))
                .exceptionally(late -> Optional.ofNullable(last.get(handle.index()))
                        .map(known -> StatusMapper.of(handle, known))
                        .orElseGet(() -> StatusMapper.of(handle)));
    }

    /** Replies can complete in another order than the requests. */
    private static ClassStatus newer(ClassStatus known, ClassStatus replied) {
        return replied.seen() < known.seen() ? known : replied;
    }
}
