package dev.reverie.monitoring;

import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.CheckpointSaved;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassInitialised;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassJoined;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassMatched;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassPhaseChanged;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassSkipped;
import dev.reverie.actors.telemetry.TelemetryEvent.ConvergenceExpected;
import dev.reverie.actors.telemetry.TelemetryEvent.EvaluationFailed;
import dev.reverie.actors.telemetry.TelemetryEvent.ExpertTrained;
import dev.reverie.actors.telemetry.TelemetryEvent.InnerLoopCompleted;
import dev.reverie.actors.telemetry.TelemetryEvent.LearningStarted;
import dev.reverie.actors.telemetry.TelemetryEvent.MemoryEvaluated;
import dev.reverie.actors.telemetry.TelemetryEvent.MemoryGathered;
import dev.reverie.actors.telemetry.TelemetryEvent.NetworkTrained;
import dev.reverie.actors.telemetry.TelemetryEvent.ObserverTrained;
import dev.reverie.actors.telemetry.TelemetryEvent.OfAnotherNode;
import dev.reverie.actors.telemetry.TelemetryEvent.RepresentativesChosen;
import dev.reverie.actors.telemetry.TelemetryEvent.RunEnded;
import dev.reverie.actors.telemetry.TelemetryEvent.RunStarted;
import dev.reverie.actors.telemetry.TelemetryEvent.SetEvaluated;
import dev.reverie.actors.telemetry.TelemetryEvent.WaitingForSecondClass;
import dev.reverie.actors.telemetry.TelemetryEvent.Warning;
import dev.reverie.actors.telemetry.TelemetryEvent.WorkerRestarted;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.gpu.method.DistillationSettings;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The metrics of learning in a run or a service, derived from telemetry; they cover loops, steps, the network and the
 * worker. All values are in base units (seconds, and ratios in [0, 1]); counters start at 0 when the process starts. An
 * outer iteration whose last inner loop is abandoned is not counted. Updated by a single thread, but can be scraped by
 * any thread.
 */
public final class LearningMetrics implements TelemetryListener {

    /** Histogram buckets in seconds, for images of 28x28 to 224x224 pixels. */
    private static final double[] DURATIONS = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300
    };

    /** The worker counts as idle if no inner loop ends within twice the duration of the last loop plus this time. */
    static final Duration GRACE_PERIOD = Duration.ofSeconds(30);

    private final Gauge method;
    private final Counter innerLoops;
    private final Counter outerIterations;
    private final Histogram matchStep;
    private final BlockDistances blockDistances;
    private final Counter skippedSteps;
    private final Histogram clusterRefresh;
    private final Gauge trainLoss;
    private final Histogram networkTraining;
    private final InstantSource clock;
    private final Counter workerRestarts;
    private final Histogram checkpoint;
    private final Counter warnings;

    /** Number of inner loops in an outer iteration; 0 before learning has started. */
    private int loopsPerIteration;

    private volatile Busy busy = Busy.NOT;

    /**
     * The fraction of an inner loop during which the worker was busy.
     *
     * @param ratio the fraction, in [0, 1]
     * @param until time at which the value expires
     */
    private record Busy(double ratio, Instant until) {

        static final Busy NOT = new Busy(0, Instant.MIN);
    }

    /**
     * Registers the metrics in {@code registry}, which must not contain them yet.
     *
     * @param clock measures the idle time of the worker
     */
    public LearningMetrics(PrometheusRegistry registry, InstantSource clock) {
        this.clock = clock;
        MetricRegistrar registrar = new MetricRegistrar(registry);
        method = registrar.gauge("reverie_learning_info", "Always 1; a label gives the distillation method.", "method");
        innerLoops = registrar.counter("reverie_inner_loops_total", "Completed inner loops.");
        outerIterations = registrar.counter("reverie_outer_iterations_total", "Completed outer iterations.");
        matchStep = registrar.seconds(
                "reverie_match_step_duration", "Duration of one class step in the worker.", DURATIONS);
        blockDistances = new BlockDistances(registrar);
        skippedSteps = registrar.counter("reverie_match_skipped_total", "Class steps skipped after two failures.");
        clusterRefresh = registrar.seconds(
                "reverie_cluster_refresh_duration", "Time to choose the representatives of one class.", DURATIONS);
        trainLoss = registrar.gauge(
                "reverie_network_train_loss",
                "Training cross-entropy of the most recently trained network, in nats; NaN if no network has been trained.");
        trainLoss.set(Double.NaN);
        networkTraining = registrar.seconds(
                "reverie_network_train_duration", "Time to train the matching network once.", DURATIONS);
        registrar.measured(
                "reverie_worker_busy_ratio",
                "Time that all workers together spent on the last inner loop, divided by its wall time, at most 1; 0"
                        + " if no loop has ended recently.",
                this::busyRatio);
        workerRestarts = registrar.counter("reverie_worker_restarts_total", "Restarts of the worker after a failure.");
        checkpoint = registrar.seconds("reverie_checkpoint_duration", "Time to save a checkpoint.", DURATIONS);
        warnings = registrar.counter("reverie_warnings_total", "Warnings to the user.");
    }

    @Override
    public void on(TelemetryEvent event) {
        switch (event) {
            case RunStarted started -> onSettings(started.settings());
            case LearningStarted started -> onSettings(started.settings());
            case ClassJoined _, ClassInitialised _, ClassPhaseChanged _, WaitingForSecondClass _ -> {}
            case ObserverTrained _, ConvergenceExpected _ -> {}
            case MemoryEvaluated _, EvaluationFailed _, SetEvaluated _, MemoryGathered _ -> {}
            case OfAnotherNode _ -> {} // that node counts it
            case RepresentativesChosen chosen -> clusterRefresh.observe(chosen.seconds());
            case ClassMatched matched -> {
                matchStep.observe(matched.seconds());
                blockDistances.add(matched);
            }
            case ClassSkipped _ -> skippedSteps.inc();
            case WorkerRestarted _ -> workerRestarts.inc();
            case NetworkTrained trained -> {
                trainLoss.set(trained.loss());
                networkTraining.observe(trained.seconds());
            }
            case ExpertTrained expert -> trainLoss.set(expert.loss());
            case InnerLoopCompleted loop -> onInnerLoopCompleted(loop);
            case CheckpointSaved saved -> checkpoint.observe(saved.seconds());
            case Warning _ -> warnings.inc();
            case RunEnded _ -> busy = Busy.NOT;
        }
    }

    private void onSettings(DistillationSettings settings) {
        method.clear();
        method.labelValues(settings.method().label()).set(1);
        loopsPerIteration = settings.schedule().innerLoops();
    }

    private void onInnerLoopCompleted(InnerLoopCompleted loop) {
        innerLoops.inc();
        blockDistances.show(loop);
        if (loop.inner() + 1 == loopsPerIteration) {
            outerIterations.inc();
        }
        if (loop.seconds() > 0) {
            Duration expectedNextLoop = Duration.ofMillis(Math.round(2000 * loop.seconds()));
            busy = new Busy(
                    Math.min(1, loop.workerSeconds() / loop.seconds()),
                    clock.instant().plus(GRACE_PERIOD).plus(expectedNextLoop));
        }
    }

    private double busyRatio() {
        Busy last = busy;
        return clock.instant().isBefore(last.until()) ? last.ratio() : 0;
    }
}
