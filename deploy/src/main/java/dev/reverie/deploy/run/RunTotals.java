package dev.reverie.deploy.run;

import java.util.Optional;

/**
 * The totals of a run since it was started or last resumed.
 *
 * @param innerLoops number of completed inner loops
 * @param classSteps number of completed class steps
 * @param skippedSteps number of class steps that were not completed
 * @param workerRestarts how often a worker replaced an engine that had failed
 * @param checkpoints number of saved checkpoints
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
        Optional<Double> secondsPerInnerLoop) {}
