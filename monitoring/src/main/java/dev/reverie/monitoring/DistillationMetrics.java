package dev.reverie.monitoring;

import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassInitialised;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassJoined;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassMatched;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.monitoring.MemorySnapshot.ClassMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;

/**
 * The metrics of a distillation run and its classes, derived from the run's telemetry. Updated by a single thread, but
 * can be scraped by any thread.
 */
public final class DistillationMetrics implements TelemetryListener {

    private static final int MAX_CLASS_SERIES = 100;

    private final InstantSource clock;
    private final LearningMetrics learning;
    private final ClassTelemetry telemetry;
    private final Map<Integer, TrackedClass> classes = new ConcurrentSkipListMap<>();

    private record TrackedClass(ClassJoined joined, ClassPhase phase, OptionalDouble loss, Instant updated) {

        TrackedClass distilling(OptionalDouble latestLoss, Instant now) {
            return new TrackedClass(joined, ClassPhase.DISTILLING, latestLoss, now);
        }
    }

    /**
     * Registers the metrics in {@code registry}, which must not contain them yet.
     *
     * @param clock measures the idle time of the worker and provides the time of changes
     */
    public DistillationMetrics(PrometheusRegistry registry, InstantSource clock) {
        this.clock = clock;
        learning = new LearningMetrics(registry, clock);
        telemetry = new ClassTelemetry(clock);
        MemoryMetrics.register(registry, this::snapshot, MAX_CLASS_SERIES, clock);
    }

    @Override
    public void on(TelemetryEvent event) {
        learning.on(event);
        telemetry.on(event);
        switch (event) {
            case ClassJoined joined ->
                classes.put(
                        joined.classIndex(),
                        new TrackedClass(joined, ClassPhase.COLLECTING, OptionalDouble.empty(), clock.instant()));
            case ClassInitialised initialised ->
                update(initialised.classIndex(), before -> before.distilling(before.loss(), clock.instant()));
            case ClassMatched matched ->
                update(
                        matched.classIndex(),
                        before -> before.distilling(OptionalDouble.of(matched.loss()), clock.instant()));
            default -> {}
        }
    }

    private void update(int classIndex, UnaryOperator<TrackedClass> update) {
        classes.computeIfPresent(classIndex, (_, before) -> update.apply(before));
    }

    private MemorySnapshot snapshot() {
        return new MemorySnapshot(
                classes.values().stream().map(this::metrics).toList(), OptionalInt.empty(), OptionalLong.empty());
    }

    /**
     * Returns the metrics of a class. In a run, a class has seen all of its real images, and all of them stay in the
     * reservoir.
     */
    private ClassMetrics metrics(TrackedClass tracked) {
        ClassJoined joined = tracked.joined();
        return new ClassMetrics(
                joined.name(),
                tracked.phase(),
                joined.reservoir(),
                joined.reservoir(),
                joined.images(),
                OptionalLong.empty(),
                tracked.loss(),
                tracked.updated(),
                Optional.empty(),
                telemetry.of(joined.classIndex()));
    }
}
