package dev.reverie.monitoring;

import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassMatched;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassPhaseChanged;
import dev.reverie.actors.telemetry.TelemetryEvent.LearningStarted;
import dev.reverie.actors.telemetry.TelemetryEvent.RepresentativesChosen;
import dev.reverie.actors.telemetry.TelemetryEvent.RunStarted;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.select.SelectionRule;
import dev.reverie.monitoring.MemorySnapshot.Signs;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** Remembers what telemetry told last of each class. Thread safe. */
public final class ClassTelemetry implements TelemetryListener {

    private final InstantSource clock;
    private final Map<Integer, Signs> latest = new ConcurrentHashMap<>();
    private volatile boolean drawnForEachStep;

    /**
     * Remembers nothing yet.
     *
     * @param clock tells when representatives were chosen
     */
    public ClassTelemetry(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void on(TelemetryEvent event) {
        switch (event) {
            case RunStarted started -> begin(started.settings());
            case LearningStarted started -> begin(started.settings());
            case RepresentativesChosen chosen ->
                renew(
                        chosen.label(),
                        before -> new Signs(
                                Optional.of(clock.instant()),
                                chosen.migration(),
                                chosen.discrepancy(),
                                before.change()));
            case ClassMatched matched ->
                renew(
                        matched.label(),
                        before -> new Signs(
                                drawnForEachStep ? Optional.of(clock.instant()) : before.represented(),
                                before.migration(),
                                before.discrepancy(),
                                OptionalDouble.of(matched.change())));
            case ClassPhaseChanged changed when changed.phase().isEmpty() -> latest.remove(changed.label());
            default -> {}
        }
    }

    private void begin(DistillationSettings settings) {
        drawnForEachStep = settings.composition().representatives().equals(Optional.of(SelectionRule.RANDOM));
    }

    private void renew(int label, UnaryOperator<Signs> renewal) {
        latest.put(label, renewal.apply(of(label)));
    }

    /** Of the class with that index. */
    public Signs of(int label) {
        return latest.getOrDefault(label, Signs.NONE);
    }
}
