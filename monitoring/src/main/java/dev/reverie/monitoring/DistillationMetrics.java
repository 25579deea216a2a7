package dev.reverie.monitoring;

import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.CheckpointSaved;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassInitialised;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassJoined;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassMatched;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassSkipped;
import dev.reverie.actors.telemetry.TelemetryEvent.InnerLoopCompleted;
import dev.reverie.actors.telemetry.TelemetryEvent.NetworkTrained;
import dev.reverie.actors.telemetry.TelemetryEvent.RepresentativesChosen;
import dev.reverie.actors.telemetry.TelemetryEvent.RunEnded;
import dev.reverie.actors.telemetry.TelemetryEvent.RunStarted;
import dev.reverie.actors.telemetry.TelemetryEvent.Warning;
import dev.reverie.actors.telemetry.TelemetryEvent.WorkerRestarted;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.monitoring.ClassPhases.Phase;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the metrics of a distillation from its telemetry. Units are base units (seconds, ratios in [0, 1]); counters
 * count since this process began, also in a resumed run. Fed by one thread, scraped by any.
 */
public final class DistillationMetrics implements TelemetryListener {

    private static final int MAX_CLASS_SERIES = 200;

    private final Gauge matchLoss;
    private final Counter innerLoops;
    private final Counter outerIterations;
    private final Histogram matchStep;
    private final Counter skippedSteps;
    private final Histogram clusterRefresh;
    private final Gauge trainLoss;
    private final Histogram networkTraining;
    private final Gauge workerBusy;
    private final Counter workerRestarts;
    private final Gauge memoryImages;
    private final Gauge phaseClasses;
    private final Histogram checkpoint;
    private final Counter warnings;

    private final ClassSeries series = new ClassSeries(MAX_CLASS_SERIES);
    private final ClassPhases phases = new ClassPhases();
    private final Map<Integer, Integer> imagesOfClass = new HashMap<>();
    private int innerLoopsPerOuter = Integer.MAX_VALUE;

    /** Registers the metrics in {@code registry}, which must not have them yet. */
    public DistillationMetrics(PrometheusRegistry registry) {
        matchLoss = Gauge.builder()
                .name("reverie_match_loss")
                .help("Matching distance of the class's last step.")
                .labelNames("class")
                .register(registry);
        innerLoops = counter(registry, "reverie_inner_loops_total", "Completed inner loops.");
        outerIterations = counter(registry, "reverie_outer_iterations_total", "Completed outer iterations.");
        matchStep = seconds(registry, "reverie_match_step_duration", "Time of one class step inside the worker.");
        skippedSteps = Counter.builder()
                .name("reverie_match_skipped_total")
                .help("Class steps left out after two failures.")
                .labelNames("class")
                .register(registry);
        clusterRefresh =
                seconds(registry, "reverie_cluster_refresh_duration", "Time to choose one class's representatives.");
        trainLoss = Gauge.builder()
                .name("reverie_network_train_loss")
                .help("Cross-entropy of the matching network's last training, in nats.")
                .register(registry);
        networkTraining =
                seconds(registry, "reverie_network_train_duration", "Time of one training of the matching network.");
        workerBusy = Gauge.builder()
                .name("reverie_worker_busy_ratio")
                .help("Part of the last inner loop's wall time spent inside the worker.")
                .register(registry);
        workerRestarts = counter(registry, "reverie_worker_restarts_total", "Workers started anew after a failure.");
        memoryImages = Gauge.builder()
                .name("reverie_memory_images")
                .help("Synthetic images stored.")
                .register(registry);
        phaseClasses = Gauge.builder()
                .name("reverie_class_phase_classes")
                .help("Classes by the phase of their life.")
                .labelNames("phase")
                .register(registry);
        checkpoint = seconds(registry, "reverie_checkpoint_duration", "Time to save a checkpoint.");
        warnings = counter(registry, "reverie_warnings_total", "Warnings to the user.");
        setPhases();
    }

    @Override
    public void on(TelemetryEvent event) {
        switch (event) {
            case RunStarted started -> onRunStarted(started);
            case ClassJoined joined -> onClassJoined(joined);
            case ClassInitialised initialised -> onPhase(initialised.label(), Phase.DISTILLING);
            case RepresentativesChosen chosen -> clusterRefresh.observe(chosen.seconds());
            case ClassMatched matched -> onClassMatched(matched);
            case ClassSkipped skipped ->
                skippedSteps.labelValues(series.of(skipped.label())).inc();
            case WorkerRestarted _ -> workerRestarts.inc();
            case NetworkTrained trained -> {
                trainLoss.set(trained.loss());
                networkTraining.observe(trained.seconds());
            }
            case InnerLoopCompleted loop -> onInnerLoopCompleted(loop);
            case CheckpointSaved saved -> checkpoint.observe(saved.seconds());
            case Warning _ -> warnings.inc();
            case RunEnded _ -> workerBusy.set(0);
        }
    }

    private void onRunStarted(RunStarted started) {
        innerLoopsPerOuter = started.settings().schedule().innerLoops();
        for (int label = 0; label < started.classNames().size(); label++) {
            series.name(label, started.classNames().get(label));
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
        matchStep.observe(matched.seconds());
        onPhase(matched.label(), Phase.DISTILLING);
    }

    private void onInnerLoopCompleted(InnerLoopCompleted loop) {
        innerLoops.inc();
        if (loop.inner() == innerLoopsPerOuter - 1) {
            outerIterations.inc();
        }
        if (loop.seconds() > 0) {
            workerBusy.set(Math.min(1, loop.workerSeconds() / loop.seconds()));
        }
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

    private static Counter counter(PrometheusRegistry registry, String name, String help) {
        return Counter.builder().name(name).help(help).register(registry);
    }

    private static Histogram seconds(PrometheusRegistry registry, String name, String help) {
        return Histogram.builder().name(name).unit(Unit.SECONDS).help(help).register(registry);
    }
}
