package dev.reverie.deploy.run;

import java.util.Optional;

/**
 * What a run came to since its start or resume.
 *
 * @param seconds wall time of everything
 * @param loopSeconds wall time of the inner loops
 * @param workerSeconds part of {@code loopSeconds} inside the worker
 * @param shareOutsideWorker rest of {@code loopSeconds} as a fraction of it: what actors and stream cost
 * @param secondsPerInnerLoop mean wall time
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
