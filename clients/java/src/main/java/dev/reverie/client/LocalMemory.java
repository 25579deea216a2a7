package dev.reverie.client;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Draws batches from a copy of a memory, without a request for each batch. A thread in the background brings the copy
 * up to date; it fetches the memory only if it has changed. While the service cannot be reached, the copy stays as it
 * is, and its {@link #age} grows. Must be closed. Thread safe.
 */
public final class LocalMemory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LocalMemory.class);

    /** Reads the memory of a service. */
    @FunctionalInterface
    interface Source {

        /** Returns the memory, which is {@code known} if it has not changed; empty if it has no images. */
        Optional<Copy> read(Optional<Copy> known) throws ReverieException;
    }

    /** A memory and the tag by which the service recognises it; the tag is empty if the service gave none. */
    record Copy(String etag, MemoryImages images) {}

    /**
     * The state of this object.
     *
     * @param asked time of the last request that succeeded
     */
    private record State(Optional<Copy> copy, Instant asked) {}

    private final Source source;
    private final InstantSource clock;
    private final ScheduledExecutorService refreshes;
    private volatile State state;
    private boolean isReached = true;

    /** Fetches the memory and begins to refresh it. */
    LocalMemory(Source source, Duration refresh, InstantSource clock) throws ReverieException {
        if (refresh.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "a local memory cannot be refreshed every " + refresh + ": use at least 1 ms");
        }
        this.source = source;
        this.clock = clock;
        Instant asked = clock.instant();
        this.state = new State(source.read(Optional.empty()), asked);
        this.refreshes = new ScheduledThreadPoolExecutor(
                1, task -> Thread.ofPlatform().daemon().name("reverie-memory").unstarted(task));
        var _ = refreshes.scheduleWithFixedDelay(
                this::refreshOrKeep, refresh.toMillis(), refresh.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Draws a random batch of all classes.
     *
     * @throws ReverieException.Refused if the copy has no images
     */
    public MemoryImages sample(int images) throws ReverieException {
        return sample(BatchRequest.of(images));
    }

    /**
     * Draws a batch. A seed does not give the batch that the service gives.
     *
     * @throws ReverieException.Refused if the copy has no images, or none of a requested class
     */
    public MemoryImages sample(BatchRequest request) throws ReverieException {
        return state.copy()
                .orElseThrow(ReverieException.Refused::memoryEmpty)
                .images()
                .draw(request);
    }

    /** Returns all images; empty if the copy has none. */
    public Optional<MemoryImages> images() {
        return state.copy().map(Copy::images);
    }

    /** Returns the number of images in the copy. */
    public int size() {
        return images().map(MemoryImages::size).orElse(0);
    }

    /** Returns the time since the copy was last equal to the memory of the service. */
    public Duration age() {
        return Duration.between(state.asked(), clock.instant());
    }

    /** Brings the copy up to date now. */
    public synchronized void refresh() throws ReverieException {
        Instant asked = clock.instant();
        state = new State(source.read(state.copy()), asked);
        isReached = true;
    }

    /** Refreshes, and logs the first of several failures. */
    private synchronized void refreshOrKeep() {
        try {
            refresh();
        } catch (ReverieException | RuntimeException | OutOfMemoryError failure) { // the next look may succeed
            if (isReached && !refreshes.isShutdown()) {
                LOG.warn(
                        "the local memory keeps its copy, which is {} s old: {}",
                        age().toSeconds(),
                        failure instanceof ReverieException ? failure.getMessage() : failure.toString());
            }
            isReached = false;
        }
    }

    /** Ends the refreshes. The copy can still be used, but no longer changes by itself. */
    @Override
    public void close() {
        refreshes.shutdownNow();
    }
}
