package dev.reverie.deploy.observe;

import dev.reverie.monitoring.ClassTelemetry;
import dev.reverie.monitoring.LastArrivals;
import dev.reverie.monitoring.MemorySnapshot;
import dev.reverie.monitoring.MemorySnapshot.ClassMetrics;
import dev.reverie.streams.service.ClassStatus;
import dev.reverie.streams.service.MemoryService;
import dev.reverie.streams.service.StoreDamagedException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the classes of a service for its metrics. If the service does not answer in time, returns the last answer,
 * because metrics matter most when the service is in trouble. If its list of classes is damaged, reports one damaged
 * class, because the number of classes is unknown. Thread safe; blocks the calling thread.
 */
final class LatestSnapshot implements Supplier<MemorySnapshot> {

    private static final Logger LOG = LoggerFactory.getLogger(LatestSnapshot.class);

    /** Well below the 10 s after which Prometheus abandons a scrape by default. */
    private static final int TIMEOUT_SECONDS = 2;

    private final MemoryService service;
    private final Supplier<OptionalLong> storeBytes;
    private final ClassTelemetry telemetry;
    private final LastArrivals arrivals;
    private final AtomicReference<String> logged = new AtomicReference<>("");
    private volatile Optional<List<ClassStatus>> latest = Optional.empty();

    LatestSnapshot(
            MemoryService service, Supplier<OptionalLong> storeBytes, ClassTelemetry telemetry, LastArrivals arrivals) {
        this.service = service;
        this.storeBytes = storeBytes;
        this.telemetry = telemetry;
        this.arrivals = arrivals;
    }

    @Override
    public MemorySnapshot get() {
        try {
            latest = Optional.of(service.classes()
                    .toCompletableFuture()
                    .copy()
                    .orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .join());
            logged.set("");
        } catch (CompletionException e) {
            Throwable failure = Optional.ofNullable(e.getCause()).orElse(e);
            log(failure);
            if (failure instanceof StoreDamagedException) {
                return new MemorySnapshot(List.of(), OptionalInt.of(1), storeBytes.get());
            }
        }
        return latest.map(this::of)
                .orElseGet(() -> new MemorySnapshot(List.of(), OptionalInt.empty(), storeBytes.get()));
    }

    /** Logs a failure once, not at every scrape. */
    private void log(Throwable failure) {
        String reason = failure instanceof TimeoutException
                ? "no answer within " + TIMEOUT_SECONDS + " s"
                : String.valueOf(failure.getMessage());
        if (reason.equals(logged.getAndSet(reason))) {
            return;
        }
        if (failure instanceof StoreDamagedException) {
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

    private MemorySnapshot of(List<ClassStatus> classes) {
        List<ClassMetrics> served = classes.stream()
                .filter(status -> !status.damaged())
                .map(this::of)
                .toList();
        return new MemorySnapshot(served, OptionalInt.of(classes.size() - served.size()), storeBytes.get());
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
                arrivals.of(status.label()),
                telemetry.of(status.index()));
    }
}
