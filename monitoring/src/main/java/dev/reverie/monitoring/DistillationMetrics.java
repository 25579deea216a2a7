package dev.reverie.monitoring;

import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassInitialised;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassJoined;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassMatched;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.monitoring.MemorySnapshot.ClassSnapshot;
import dev.reverie.monitoring.MemorySnapshot.Phase;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.UnaryOperator;

/**
 * Keeps the metrics of a distillation in one run from its telemetry: those of learning, and those of its classes, of
 * which telemetry tells all there is to know. Fed by one thread, scraped by any.
 */
public final class DistillationMetrics implements TelemetryListener {

    private static final int MAX_CLASS_SERIES = 100;

    private final InstantSource clock;
    private final LearningMetrics learning;
    private final ClassTelemetry signs;
    private final Map<Integer, Known> classes = new ConcurrentSkipListMap<>();

    private record Known(ClassJoined joined, Phase phase, OptionalDouble loss, Instant updated) {

        Known distilling(OptionalDouble latestLoss, Instant now) {
            return new Known(joined, Phase.DISTILLING, latestLoss, now);
        }
    }

    /**
     * Registers the metrics in {@code registry}, which must not have them yet.
     *
     * @param clock tells when a worker without a loop is idle, and when classes changed
     */
    public DistillationMetrics(PrometheusRegistry registry, InstantSource clock) {
        this.clock = clock;
        learning = new LearningMetrics(registry, clock);
        signs = new ClassTelemetry(clock);
        MemoryMetrics.register(registry, this::snapshot, MAX_CLASS_SERIES, clock);
    }

    @Override
    public void on(TelemetryEvent event) {
        learning.on(event);
        signs.on(event);
        switch (event) {
            case ClassJoined joined ->
                classes.put(
                        joined.label(), new Known(joined, Phase.COLLECTING, OptionalDouble.empty(), clock.instant()));
            case ClassInitialised initialised ->
                renew(initialised.label(), before -> before.distilling(before.loss(), clock.instant()));
            case ClassMatched matched ->
                renew(matched.label(), before -> before.distilling(OptionalDouble.of(matched.loss()), clock.instant()));
            default -> {}
        }
    }

    private void renew(int label, UnaryOperator<Known> renewal) {
        classes.computeIfPresent(label, (_, before) -> renewal.apply(before));
    }

    private MemorySnapshot snapshot() {
        return new MemorySnapshot(classes.values().stream().map(this::snapshot).toList(), OptionalLong.empty());
    }

    /** All real images there are have been seen, and are held. */
    private ClassSnapshot snapshot(Known known) {
        ClassJoined joined = known.joined();
        return new ClassSnapshot(
                joined.name(),
                known.phase(),
                joined.reservoir(),
                joined.reservoir(),
                joined.images(),
                known.loss(),
                known.updated(),
                signs.of(joined.label()));
    }
}
