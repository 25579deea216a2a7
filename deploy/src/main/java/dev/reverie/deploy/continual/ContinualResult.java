package dev.reverie.deploy.continual;

import dev.reverie.deploy.run.Machine;
import dev.reverie.deploy.run.Versions;
import java.util.List;

/**
 * What came out of an experiment; {@code continual.json}, and what {@code continual --json} prints.
 *
 * @param complete whether every contender was tried with every seed
 * @param dataset as on the command line
 * @param classes names of those that arrive in each step
 * @param methods over the seeds
 * @param courses seed by seed
 * @param seconds in all
 */
public record ContinualResult(
        boolean complete,
        String dataset,
        List<List<String>> classes,
        Settings settings,
        List<Summary> methods,
        List<Course> courses,
        double seconds,
        Versions versions,
        Machine machine) {

    /** What was tried, see {@link ContinualPlan}. */
    public record Settings(int ipc, List<Long> seeds, double stepSeconds, int width, int trainingSteps) {

        static Settings of(ContinualPlan plan) {
            return new Settings(
                    plan.ipc(), plan.seeds(), plan.stepTime().toMillis() / 1e3, plan.width(), plan.trainingSteps());
        }
    }
}
