package dev.reverie.lab.bench;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassInitialised;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassSkipped;
import dev.reverie.actors.telemetry.TelemetryEvent.InnerLoopCompleted;
import dev.reverie.actors.telemetry.TelemetryEvent.WorkerRestarted;
import dev.reverie.actors.telemetry.TelemetryListener;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleConsumer;

/** Records the time of each inner loop from telemetry. Called by one thread at a time. */
final class LoopTimeRecorder implements TelemetryListener {

    private final int loops;
    private final DoubleConsumer onProgress;
    private final Runnable onStart;
    private final List<InnerLoopCompleted> completed = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private int initialised;

    /**
     * Creates a recorder for a run of {@code loops} inner loops.
     *
     * @param onProgress called with the share of the run that is done, in [0, 1]
     * @param onStart called when all classes are initialised
     */
    LoopTimeRecorder(int loops, DoubleConsumer onProgress, Runnable onStart) {
        this.loops = loops;
        this.onProgress = onProgress;
        this.onStart = onStart;
    }

    @Override
    public void on(TelemetryEvent event) {
        switch (event) {
            case ClassInitialised _ -> {
                initialised++;
                if (initialised == BenchSetup.CLASSES) {
                    onStart.run();
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
     * Checks that every class step succeeded, because the times are meaningless otherwise.
     *
     * @throws DistillationException if a class step failed or the worker restarted
     */
    void requireNoFailures() {
        if (!failures.isEmpty()) {
            throw new DistillationException("the times are void, because a class step failed or the worker restarted ("
                    + failures.getFirst() + "): choose a smaller --shape, or run again");
        }
    }

    /** Returns the mean milliseconds per inner loop, for each interval. */
    double[] millis(int intervals) {
        int interval = loops / intervals;
        double[] millis = new double[intervals];
        completed.forEach(loop -> millis[loop.outer()] += TimingSummary.MILLIS_PER_SECOND * loop.seconds() / interval);
        return millis;
    }

    /** Returns the total time of all inner loops, in seconds. */
    double seconds() {
        return completed.stream().mapToDouble(InnerLoopCompleted::seconds).sum();
    }

    /** Returns the part of {@link #seconds} that was spent in the worker. */
    double workerSeconds() {
        return completed.stream().mapToDouble(InnerLoopCompleted::workerSeconds).sum();
    }
}
