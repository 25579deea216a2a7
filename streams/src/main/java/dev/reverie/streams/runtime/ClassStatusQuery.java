package dev.reverie.streams.runtime;

import dev.reverie.actors.Asks;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassSummary;
import dev.reverie.actors.registry.ClassHandle;
import dev.reverie.streams.service.ClassStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.Scheduler;

/**
 * Queries the status of classes. For a class that is failing or does not respond within a second, returns the last
 * known status, with all samples and the seal that the intake knows to be durable or under way. Does not wait for a
 * class that is damaged, failing or has not responded to the last query. Thread safe.
 */
final class ClassStatusQuery {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final ClassQuery<ClassSummary, ClassSummary> summaries;

    ClassStatusQuery(Scheduler scheduler) {
        this.summaries = new ClassQuery<>(ClassCommand.GetSummary::new, ClassStatusQuery::newer, TIMEOUT, scheduler);
    }

    /** Returns the status of the given classes. Drops the last known status of all others. */
    CompletionStage<List<ClassStatus>> of(List<ClassHandle> all) {
        summaries.retainAll(all.stream().map(ClassHandle::index).collect(Collectors.toUnmodifiableSet()));
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
        return summaries.ask(handle).thenApply(reply -> reply.map(summary -> status(handle, summary))
                .orElseGet(() -> StatusMapper.of(handle)));
    }

    private static ClassStatus status(ClassHandle handle, ClassQuery.Reply<ClassSummary> summary) {
        return summary.inTime()
                ? StatusMapper.of(handle, summary.value())
                : StatusMapper.ofSilent(handle, summary.value());
    }

    /** Replies can complete in another order than the requests. */
    private static ClassSummary newer(Optional<ClassSummary> known, ClassSummary replied) {
        return known.filter(last -> replied.seen() < last.seen()).orElse(replied);
    }
}
