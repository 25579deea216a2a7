package dev.reverie.monitoring;

import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassInitialised;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassJoined;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassMatched;
import dev.reverie.actors.telemetry.TelemetryEvent.RunStarted;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.monitoring.ClassPhases.Phase;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the metrics of a distillation in one run from its telemetry: those of learning, and those of its classes, of
 * which telemetry tells all there is to know. Fed by one thread, scraped by any.
 */
public final class DistillationMetrics implements TelemetryListener {

    private static final int MAX_CLASS_SERIES = 200;

    private final LearningMetrics learning;
    private final Gauge matchLoss;
    private final Gauge memoryImages;
    private final Gauge phaseClasses;

    private final ClassSeries series = new ClassSeries(MAX_CLASS_SERIES);
    private final ClassPhases phases = new ClassPhases();
    private final Map<Integer, Integer> imagesOfClass = new HashMap<>();

    /**
     * Registers the metrics in {@code registry}, which must not have them yet.
     *
     * @param clock tells when a worker without a loop is idle
     */
    public DistillationMetrics(PrometheusRegistry registry, InstantSource clock) {
        learning = new LearningMetrics(registry, clock);
        matchLoss = gauge(registry, ClassFamilies.MATCH_LOSS, ClassFamilies.MATCH_LOSS_HELP, "class");
        memoryImages = gauge(registry, ClassFamilies.MEMORY_IMAGES, ClassFamilies.MEMORY_IMAGES_HELP);
        phaseClasses = gauge(registry, ClassFamilies.PHASE_CLASSES, ClassFamilies.PHASE_CLASSES_HELP, "phase");
        setPhases();
    }

    @Override
    public void on(TelemetryEvent event) {
        learning.on(event);
        switch (event) {
            case RunStarted started -> nameAll(started.classNames());
            case ClassJoined joined -> onClassJoined(joined);
            case ClassInitialised initialised -> onPhase(initialised.label(), Phase.DISTILLING);
            case ClassMatched matched -> onClassMatched(matched);
            default -> {}
        }
    }

    private void nameAll(List<String> names) {
        for (int label = 0; label < names.size(); label++) {
            series.name(label, names.get(label));
        }
    }

    private void onClassJoined(ClassJoined joined) {
        series.name(joined.label(), joined.name());
        int before = Optional.ofNullable(imagesOfClass.put(joined.label(), joined.images()))
                .orElse(0);
        memoryImages.inc(joined.images() - before);
        onPhase(joined.label(), Phase.COLLECTING);
    }

    private void onClassMatched(ClassMatched matched) {
        matchLoss.labelValues(series.of(matched.label())).set(matched.loss());
        onPhase(matched.label(), Phase.DISTILLING);
    }

    private void onPhase(int label, Phase phase) {
        phases.set(label, phase);
        setPhases();
    }

    private void setPhases() {
        for (Phase phase : Phase.values()) {
            phaseClasses.labelValues(phase.label()).set(phases.count(phase));
        }
    }

    private static Gauge gauge(PrometheusRegistry registry, String name, String help, String... labels) {
        return Gauge.builder().name(name).help(help).labelNames(labels).register(registry);
    }
}
