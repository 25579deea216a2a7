package dev.reverie.deploy.observe;

import dev.reverie.actors.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Returns the last measured size of a store, in bytes, without waiting; empty before the first measurement succeeds. A
 * call starts another measurement if the last one began at least 30 seconds ago. Thread safe.
 */
public final class StoreSize implements Supplier<OptionalLong> {

    private static final Duration FRESH = Duration.ofSeconds(30);

    private final Store store;
    private final InstantSource clock;
    private volatile OptionalLong latest = OptionalLong.empty();
    private Instant measured = Instant.MIN;

    public StoreSize(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public synchronized OptionalLong get() {
        Instant now = clock.instant();
        if (measured.equals(Instant.MIN)
                || Duration.between(measured, now).abs().compareTo(FRESH) >= 0) {
            measured = now;
            store.size().thenAccept(bytes -> latest = OptionalLong.of(bytes));
        }
        return latest;
    }
}
