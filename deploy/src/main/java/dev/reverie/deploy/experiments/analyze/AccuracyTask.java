package dev.reverie.deploy.experiments.analyze;

import dev.reverie.gpu.method.DistillationSettings;

/**
 * A set to be judged by its accuracy.
 *
 * @param run whose set it is
 * @param outer after how many of its outer iterations
 */
record AccuracyTask(DistillationSettings run, int outer) {

    /** Inner loops done by then. */
    int loops() {
        return outer * run.schedule().innerLoops();
    }

    /** Of the set that a run ends with. */
    static AccuracyTask last(DistillationSettings run) {
        return new AccuracyTask(run, run.schedule().outerIterations());
    }
}
