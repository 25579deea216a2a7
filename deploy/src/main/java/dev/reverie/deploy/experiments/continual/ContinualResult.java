package dev.reverie.deploy.experiments.continual;

import dev.reverie.deploy.run.MachineInfo;
import dev.reverie.deploy.run.SoftwareVersions;
import java.util.List;
import java.util.Optional;

/**
 * What came out of an experiment; {@code continual.json}, and what {@code continual --json} prints.
 *
 * @param complete whether every contender was tried with every seed
 * @param dataset as on the command line
 * @param classes names of those that arrive in each step, by the first seed
 * @param orders the same by each seed
 * @param methods over the seeds
 * @param courses seed by seed
 * @param seconds in all
 */
public record ContinualResult(
        boolean complete,
        String dataset,
        Protocol protocol,
        List<List<String>> classes,
        List<Order> orders,
        Settings settings,
        List<MethodSummary> methods,
        List<SeedResult> courses,
        double seconds,
        SoftwareVersions versions,
        MachineInfo machine) {

    /** Names of the classes that arrive in each step, by one seed. */
    public record Order(long seed, List<List<String>> classes) {}

    /**
     * What was tried, see {@link ContinualPlan}; networks are trained for a number of steps, of epochs, or as
     * published.
     */
    public record Settings(
            int ipc,
            List<Long> seeds,
            double stepSeconds,
            String network,
            int width,
            int repeats,
            Optional<Integer> trainingSteps,
            Optional<Integer> epochs) {

        static Settings of(ContinualPlan plan) {
            ContinualPlan.Students students = plan.students();
            return new Settings(
                    plan.ipc(),
                    plan.seeds(),
                    plan.stepTime().toMillis() / 1e3,
                    students.name(),
                    students.width(),
                    students.repeats(),
                    students.length() instanceof TrainingLength.Steps(int count)
                            ? Optional.of(count)
                            : Optional.empty(),
                    students.length() instanceof TrainingLength.Epochs(int count)
                            ? Optional.of(count)
                            : Optional.empty());
        }
    }
}
