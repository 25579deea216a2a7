package dev.reverie.lab.analyze;

import dev.reverie.gpu.method.DistillationSettings;

/**
 * A distilled set whose accuracy is to be measured.
 *
 * @param run settings of the run that distils the set
 * @param outer number of outer iterations after which the set is recorded
 */
record AccuracyTask(DistillationSettings run, int outer) {

    /** Returns the number of inner loops completed before the set is taken. */
    int loops() {
        return outer * run.schedule().innerLoops();
    }

    /** Returns the task for the final set of a run. */
    static AccuracyTask last(DistillationSettings run) {
        return new AccuracyTask(run, run.schedule().outerIterations());
    }
}
