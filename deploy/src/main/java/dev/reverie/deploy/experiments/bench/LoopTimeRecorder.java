package dev.reverie.deploy.experiments.bench;

import dev.reverie.actors.telemetry.TelemetryEvent.ClassInitialised;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassSkipped;
import dev.reverie.actors.telemetry.TelemetryEvent.InnerLoopCompleted;
import dev.reverie.actors.telemetry.TelemetryEvent.WorkerRestarted;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleConsumer;

/** Notes how long each inner loop took. One thread at a time, as telemetry is delivered. */
final class LoopTimeRecorder implements TelemetryListener {

    private static final double MILLIS = 1e3;

    private final int loops;
    private final DoubleConsumer onProgress;
    private final Runnable onBegin;
    private final List<InnerLoopCompleted> completed = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private int initialised;

    /**
     * For a run of so many loops.
     *
     * @param onProgress told the share of the run that is done
     * @param onBegin called when the images to start from are chosen
     */
    LoopTimeRecorder(int loops, DoubleConsumer onProgress, Runnable onBegin) {
        this.loops = loops;
        this.onProgress = onProgress;
        this.onBegin = onBegin;
    }

    @Override
    public void on(TelemetryEvent event) {
        switch (event) {
            case ClassInitialised _ -> {
                initialised++;
                if (initialised == BenchSetup.CLASSES) {
                    onBegin.run();
                }
            }
            case InnerLoopCompleted loop -> completed.add(loop);
            case ClassSkipped skipped -> failures.add(skipped.reason());
            case WorkerRestarted restarted -> failures.add(restarted.reason());
            default -> {}
        }
        onProgress.accept((double) (initialised + completed.size()) / (BenchSetup.CLASSES + loops));
    }

    /**
     * Checks that every step was made.
     *
     * @throws ArithmeticException if one failed: the times mean nothing then
     */
    void requireSound() {
        if (!failures.isEmpty()) {
            throw new ArithmeticException("a step of the loop failed: " + failures.getFirst());
        }
    }

    /** Milliseconds of the mean loop of each interval. */
    double[] millis(int intervals) {
        int interval = loops / intervals;
        double[] millis = new double[intervals];
        completed.forEach(loop -> millis[loop.outer()] += MILLIS * loop.seconds() / interval);
        return millis;
    }

    /** All loops together. */
    double seconds() {
        return completed.stream().mapToDouble(InnerLoopCompleted::seconds).sum();
    }

    /** Part of it spent inside the worker. */
    double workerSeconds() {
        return completed.stream().mapToDouble(InnerLoopCompleted::workerSeconds).sum();
    }
}
