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
import dev.reverie.monitoring.MemorySnapshot.LearningIndicators;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * Keeps the latest learning indicators of each class, from telemetry, and when this process last accepted samples of
 * it, until the class is forgotten. Thread safe.
 */
public final class ClassTelemetry implements TelemetryListener {

    private final InstantSource clock;
    private final Map<Integer, LearningIndicators> latest = new ConcurrentHashMap<>();
    private final Map<String, Instant> arrivals = new ConcurrentHashMap<>();
    private volatile boolean drawsForEachStep;

    /** The classes of a service; a run does not report phases. */
    private final Set<Integer> present = ConcurrentHashMap.newKeySet();

    private volatile boolean reportsPhases;

    /**
     * Creates an instance that has no indicators yet.
     *
     * @param clock provides the times of choices and arrivals
     */
    public ClassTelemetry(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void on(TelemetryEvent event) {
        switch (event) {
            case RunStarted started -> onSettings(started.settings());
            case LearningStarted started -> onSettings(started.settings());
            case RepresentativesChosen chosen ->
                update(
                        chosen.classIndex(),
                        before -> new LearningIndicators(
                                Optional.of(clock.instant()),
                                chosen.migration(),
                                chosen.discrepancy(),
                                before.change()));
            case ClassMatched matched ->
                update(
                        matched.classIndex(),
                        before -> new LearningIndicators(
                                drawsForEachStep ? Optional.of(clock.instant()) : before.represented(),
                                before.migration(),
                                before.discrepancy(),
                                OptionalDouble.of(matched.change())));
            case ClassPhaseChanged changed -> onPhase(changed);
            default -> {}
        }
    }

    private void onSettings(DistillationSettings settings) {
        drawsForEachStep = settings.composition()
                .representatives()
                .filter(SelectionRule::drawsForEachStep)
                .isPresent();
    }

    private void onPhase(ClassPhaseChanged changed) {
        reportsPhases = true;
        if (changed.phase().isPresent()) {
            present.add(changed.classIndex());
        } else {
            present.remove(changed.classIndex());
            latest.remove(changed.classIndex());
            arrivals.remove(changed.name());
        }
    }

    /** Ignores the late events of a class that was forgotten. */
    private void update(int classIndex, UnaryOperator<LearningIndicators> update) {
        if (!reportsPhases || present.contains(classIndex)) {
            latest.put(classIndex, update.apply(of(classIndex)));
        }
    }

    public LearningIndicators of(int classIndex) {
        return latest.getOrDefault(classIndex, LearningIndicators.NONE);
    }

    /** Notes that samples of these classes were accepted now. */
    public void arrived(Collection<String> labels) {
        Instant now = clock.instant();
        labels.forEach(label -> arrivals.put(label, now));
    }

    /** Returns when this process last accepted samples of a class; empty if it has accepted none. */
    public Optional<Instant> lastArrival(String label) {
        return Optional.ofNullable(arrivals.get(label));
    }
}
