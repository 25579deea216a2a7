package dev.reverie.actors.store;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;
import org.apache.pekko.Done;

/**
 * A retention that deletes nothing, keeps the failures that it is told of, has a disk that can be filled, and fails on
 * demand.
 */
public class NoRetention implements Retention {

    private final List<Throwable> failures = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Long> trims = new LinkedBlockingQueue<>();

    private volatile boolean readOnly;
    private volatile Optional<Throwable> deletionFailure = Optional.empty();

    public void setReadOnly(boolean isFull) {
        readOnly = isFull;
    }

    @Override
    public boolean isReadOnly() {
        return readOnly;
    }

    /** Lets all deletions fail, as at the end of a chain of stages. */
    public void failDeletions(Throwable failure) {
        deletionFailure = Optional.of(failure);
    }

    public List<Throwable> failures() {
        return failures;
    }

    @Override
    public void onFailure(Throwable failure) {
        failures.add(failure);
    }

    @Override
    public CompletionStage<Done> trim(String persistenceId, long snapshotSequenceNumber) {
        trims.add(snapshotSequenceNumber);
        return deleted();
    }

    private CompletionStage<Done> deleted() {
        return deletionFailure
                .map(failure -> CompletableFuture.<Done>failedStage(new CompletionException(failure)))
                .orElseGet(() -> CompletableFuture.completedStage(Done.getInstance()));
    }

    /** Waits for the next call of {@link #trim}, and returns its snapshot. */
    public long nextTrim() throws InterruptedException {
        return trims.take();
    }

    /** Number of calls of {@link #trim} that {@link #nextTrim} has not returned. */
    public int waitingTrims() {
        return trims.size();
    }

    @Override
    public CompletionStage<Done> erase(String persistenceId) {
        return deleted();
    }

    @Override
    public CompletionStage<Done> eraseAll(Predicate<String> isObsolete) {
        return CompletableFuture.completedStage(Done.getInstance());
    }
}
