package dev.reverie.deploy.observe;

import dev.reverie.monitoring.ClassTelemetry;
import dev.reverie.monitoring.MemorySnapshot;
import dev.reverie.monitoring.MemorySnapshot.ClassMetrics;
import dev.reverie.streams.service.ClassStatus;
import dev.reverie.streams.service.MemoryService;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the classes of a service for its metrics. If the service does not answer in time, returns the last answer,
 * because metrics matter most when the service is in trouble. Thread safe; blocks the calling thread.
 */
final class LatestSnapshot implements Supplier<MemorySnapshot> {

    private static final Logger LOG = LoggerFactory.getLogger(LatestSnapshot.class);

    /** Well below the 10 s after which Prometheus abandons a scrape by default. */
    private static final int TIMEOUT_SECONDS = 2;

    private final MemoryService service;
    private final Supplier<OptionalLong> storeBytes;
    private final ClassTelemetry telemetry;
    private final AtomicBoolean late = new AtomicBoolean();
    private volatile List<ClassStatus> latest = List.of();

    LatestSnapshot(MemoryService service, Supplier<OptionalLong> storeBytes, ClassTelemetry telemetry) {
        this.service = service;
        this.storeBytes = storeBytes;
        this.telemetry = telemetry;
    }

    @Override
    public MemorySnapshot get() {
        try {
            latest = service.classes()
                    .toCompletableFuture()
                    .copy()
                    .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .join();
            late.set(false);
        } catch (CompletionException e) {
            if (late.compareAndSet(false, true)) { // logged once, not at every scrape
                LOG.warn(
                        "The service did not report its classes in time ({}). The metrics show the last known values"
                                + " until it does; nothing needs to be done unless this recurs.",
                        e.getMessage());
            }
        }
        List<ClassMetrics> served = latest.stream()
                .filter(status -> !status.damaged())
                .map(this::of)
                .toList();
        return new MemorySnapshot(served, OptionalInt.of(latest.size() - served.size()), storeBytes.get());
    }

    private ClassMetrics of(ClassStatus status) {
        return new ClassMetrics(
                status.label(),
                status.phase(),
                status.seen(),
                status.reservoir(),
                status.images(),
                status.matchingLoss(),
                status.updated(),
                telemetry.of(status.index()));
    }
}
