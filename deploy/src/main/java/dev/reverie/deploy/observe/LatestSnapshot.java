package dev.reverie.deploy.observe;

import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.monitoring.ClassTelemetry;
import dev.reverie.monitoring.MemorySnapshot;
import dev.reverie.monitoring.MemorySnapshot.ClassMetrics;
import dev.reverie.streams.service.ServiceException.StoreDamagedException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the classes of a service for its metrics. Every class has to answer, so an answer is used again for a few
 * seconds, and simultaneous scrapes wait for the same one. If the service does not answer in time, returns the last
 * answer, because metrics matter most when the service is in trouble. If its list of classes is damaged, reports one
 * damaged class, because the number of classes is unknown. Thread safe; blocks the calling thread.
 */
final class LatestSnapshot implements Supplier<MemorySnapshot> {

    private static final Logger LOG = LoggerFactory.getLogger(LatestSnapshot.class);

    /** Well below the 10 s after which Prometheus abandons a scrape by default. */
    private static final int TIMEOUT_SECONDS = 2;

    private static final Duration FRESH = Duration.ofSeconds(2);

    private final Supplier<CompletionStage<List<ClassInfo>>> classes;
    private final IntFunction<OptionalLong> codedBytes;
    private final Supplier<OptionalLong> storeBytes;
    private final ClassTelemetry telemetry;
    private final InstantSource clock;
    private Optional<List<ClassInfo>> latest = Optional.empty();
    private Instant askAgain = Instant.MIN;
    private boolean listDamaged;
    private String logged = "";

    LatestSnapshot(
            Supplier<CompletionStage<List<ClassInfo>>> classes,
            IntFunction<OptionalLong> codedBytes,
            Supplier<OptionalLong> storeBytes,
            ClassTelemetry telemetry,
            InstantSource clock) {
        this.classes = classes;
        this.codedBytes = codedBytes;
        this.storeBytes = storeBytes;
        this.telemetry = telemetry;
        this.clock = clock;
    }

    @Override
    public synchronized MemorySnapshot get() {
        if (!clock.instant().isBefore(askAgain)) {
            ask();
            askAgain = clock.instant().plus(FRESH);
        }
        if (listDamaged) {
            return new MemorySnapshot(List.of(), OptionalInt.of(1), storeBytes.get());
        }
        return latest.map(this::of)
                .orElseGet(() -> new MemorySnapshot(List.of(), OptionalInt.empty(), storeBytes.get()));
    }

    private void ask() {
        try {
            latest = Optional.of(classes.get()
                    .toCompletableFuture()
                    .copy()
                    .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .join());
            listDamaged = false;
            logged = "";
        } catch (CompletionException e) {
            Throwable failure = Optional.ofNullable(e.getCause()).orElse(e);
            listDamaged = failure instanceof StoreDamagedException;
            log(failure);
        }
    }

    /** Logs a failure once, not at every attempt. */
    private void log(Throwable failure) {
        String reason = failure instanceof TimeoutException
                ? "no answer within " + TIMEOUT_SECONDS + " s"
                : String.valueOf(failure.getMessage());
        if (reason.equals(logged)) {
            return;
        }
        logged = reason;
        if (listDamaged) {
            LOG.error("The metrics contain no class ({}), and reverie_store_damaged_classes is 1.", reason);
        } else if (latest.isEmpty()) {
            LOG.info("The metrics contain no class until the service reports its classes ({}).", reason);
        } else {
            LOG.warn(
                    "The service did not report its classes ({}). The metrics show the last known values until it"
                            + " does; nothing needs to be done unless this recurs.",
                    reason);
        }
    }

    private MemorySnapshot of(List<ClassInfo> all) {
        List<ClassMetrics> served =
                all.stream().filter(status -> !status.damaged()).map(this::of).toList();
        return new MemorySnapshot(served, OptionalInt.of(all.size() - served.size()), storeBytes.get());
    }

    private ClassMetrics of(ClassInfo status) {
        return new ClassMetrics(
                status.label(),
                status.phase(),
                status.seen(),
                status.reservoir(),
                status.images(),
                codedBytes.apply(status.index()),
                status.matchingLoss(),
                status.updated(),
                telemetry.lastArrival(status.label()),
                telemetry.of(status.index()));
    }
}
