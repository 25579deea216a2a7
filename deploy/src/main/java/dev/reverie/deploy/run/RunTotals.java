package dev.reverie.deploy.run;

import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.CheckpointSaved;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassMatched;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassSkipped;
import dev.reverie.actors.telemetry.TelemetryEvent.InnerLoopCompleted;
import dev.reverie.actors.telemetry.TelemetryEvent.RunEnded;
import dev.reverie.actors.telemetry.TelemetryEvent.RunStarted;
import dev.reverie.actors.telemetry.TelemetryEvent.Warning;
import dev.reverie.actors.telemetry.TelemetryEvent.WorkerRestarted;
import dev.reverie.actors.telemetry.TelemetryListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The totals of a run since it was started or last resumed.
 *
 * @param skippedSteps number of class steps that were not completed
 * @param workerRestarts how often a worker replaced an engine that had failed
 * @param seconds total wall time
 * @param loopSeconds wall time of the inner loops
 * @param workerSeconds part of {@code loopSeconds} spent inside the worker; with several workers, the sum of their
 *     parts
 * @param shareOutsideWorker fraction of {@code loopSeconds} in which a worker had no job; with one worker, the share of
 *     the actors and streams; empty if no inner loop was completed
 * @param secondsPerInnerLoop mean wall time of an inner loop; empty if none was completed
 */
public record RunTotals(
        int innerLoops,
        int classSteps,
        int skippedSteps,
        int workerRestarts,
        int checkpoints,
        double seconds,
        double loopSeconds,
        double workerSeconds,
        Optional<Double> shareOutsideWorker,
        Optional<Double> secondsPerInnerLoop) {

    /**
     * Sums up the telemetry of a run since it was started or last resumed. Events must come from one thread; the
     * results are read after the end of the run.
     */
    static final class Recorder implements TelemetryListener {

        private final int workers;
        private final List<String> warnings = new ArrayList<>();
        private Optional<LoopPosition> resumedFrom = Optional.empty();
        private int innerLoops;
        private int classSteps;
        private int skippedSteps;
        private int workerRestarts;
        private int checkpoints;
        private double loopSeconds;
        private double workerSeconds;
        private double seconds;

        Recorder(int workers) {
            this.workers = workers;
        }

        @Override
        public void on(TelemetryEvent event) {
            switch (event) {
                case RunStarted started
                when started.outer() > 0 || started.inner() > 0 ->
                    resumedFrom = Optional.of(new LoopPosition(started.outer(), started.inner()));
                case ClassMatched _ -> classSteps++;
                case ClassSkipped _ -> skippedSteps++;
                case WorkerRestarted _ -> workerRestarts++;
                case CheckpointSaved _ -> checkpoints++;
                case Warning warning -> warnings.add(warning.message());
                case InnerLoopCompleted loop -> {
                    innerLoops++;
                    loopSeconds += loop.seconds();
                    workerSeconds += loop.workerSeconds();
                }
                case RunEnded ended -> seconds = ended.seconds();
                default -> {
                    // counts in no total
                }
            }
        }

        List<String> warnings() {
            return List.copyOf(warnings);
        }

        Optional<LoopPosition> resumedFrom() {
            return resumedFrom;
        }

        RunTotals totals() {
            Optional<Double> outside =
                    loopSeconds > 0 ? Optional.of(1 - workerSeconds / (workers * loopSeconds)) : Optional.empty();
            Optional<Double> pace = innerLoops > 0 ? Optional.of(loopSeconds / innerLoops) : Optional.empty();
            return new RunTotals(
                    innerLoops,
                    classSteps,
                    skippedSteps,
                    workerRestarts,
                    checkpoints,
                    seconds,
                    loopSeconds,
                    workerSeconds,
                    outside,
                    pace);
        }
    }
}
