package dev.reverie.lab.continual;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.reverie.deploy.run.MachineInfo;
import dev.reverie.deploy.run.SoftwareVersions;
import java.util.List;
import java.util.Optional;

/**
 * The result of a class-incremental experiment: the content of {@code continual.json} and the output of
 * {@code continual --json}.
 *
 * @param complete whether every method was evaluated with every seed
 * @param classes names of the classes that arrive in each step, for the first seed
 * @param orders names of the classes that arrive in each step, for every seed
 */
record ContinualResult(
        boolean complete,
        String dataset,
        Protocol protocol,
        List<List<String>> classes,
        List<Order> orders,
        Settings settings,
        List<MethodSummary> methods,
        List<SeedResult> seedResults,
        double seconds,
        SoftwareVersions versions,
        MachineInfo machine) {

    /** The names of the classes that arrive in each step, for one seed. */
    record Order(long seed, List<List<String>> classes) {}

    /**
     * The settings of the experiment; see {@link ContinualPlan}.
     *
     * @param ipc number of stored images per class after the last step
     * @param totalImages number of stored images in every step, if it is limited
     * @param stepSeconds maximum time for which the service distils the classes of a step
     */
    record Settings(
            int ipc,
            Optional<Integer> totalImages,
            int bits,
            List<Long> seeds,
            double stepSeconds,
            @JsonUnwrapped ContinualPlan.Students students) {

        static Settings of(ContinualPlan plan) {
            return new Settings(
                    plan.ipc(),
                    plan.budget().totalImages().stream().boxed().findFirst(),
                    plan.budget().bits().count(),
                    plan.seeds(),
                    plan.stepTime().toMillis() / 1e3,
                    plan.students());
        }
    }
}
