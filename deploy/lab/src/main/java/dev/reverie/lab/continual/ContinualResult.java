package dev.reverie.lab.continual;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.reverie.deploy.run.MachineInfo;
import dev.reverie.deploy.run.Provenance.SoftwareVersions;
import dev.reverie.gpu.coded.PictureFormat;
import dev.reverie.gpu.evaluate.MeanAndStd;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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
     * @param images most stored images per class, if they are limited
     * @param bytesPerClass most coded bytes per class, if they are limited
     * @param totalImages number of stored images in every step, if it is limited
     * @param qualities at which real images were coded, if there were bytes to fill
     * @param stepSeconds maximum time for which the service distils the classes of a step
     */
    record Settings(
            int images,
            OptionalLong bytesPerClass,
            Optional<Integer> totalImages,
            PictureFormat coding,
            int quality,
            List<Integer> qualities,
            List<Long> seeds,
            double stepSeconds,
            @JsonUnwrapped ContinualPlan.Students students) {

        static Settings of(ContinualPlan plan) {
            return new Settings(
                    plan.size().images(),
                    plan.size().coding().maxBytes(),
                    plan.size().totalImages(),
                    plan.size().coding().format(),
                    plan.size().coding().quality(),
                    plan.size().qualities(),
                    plan.seeds(),
                    plan.stepTime().toMillis() / 1e3,
                    plan.students());
        }
    }

    record SeedResult(MemoryMethod method, int quality, long seed, List<StepAccuracy> steps) {

        SeedResult {
            steps = List.copyOf(steps);
            if (steps.isEmpty()) {
                throw new IllegalArgumentException("a result needs the accuracy after at least one step");
            }
        }

        /**
         * The accuracy of the networks after one step.
         *
         * @param images number of stored images of the memory
         * @param bytes coded size of the stored images of the memory
         * @param accuracy mean accuracy of the networks on the test images of all classes seen so far, in [0, 1]
         * @param byStep one mean accuracy per step so far, on the classes of that step
         */
        record StepAccuracy(
                int classes, int images, long bytes, double accuracy, List<Double> byNetwork, List<Double> byStep) {

            StepAccuracy {
                byNetwork = List.copyOf(byNetwork);
                byStep = List.copyOf(byStep);
            }
        }

        /**
         * Returns the average incremental accuracy (Rebuffi et al., 2017): the mean over all steps of the accuracy on
         * the classes seen so far.
         */
        double averageAccuracy() {
            return steps.stream().mapToDouble(StepAccuracy::accuracy).average().orElseThrow();
        }

        /**
         * Returns forgetting (Chaudhry et al., 2018): the drop from the best earlier accuracy on the classes of a step
         * to the final accuracy on them, averaged over all steps but the last. It is negative if the accuracy rose, and
         * empty if there is only one step.
         */
        Optional<Double> forgetting() {
            List<StepAccuracy> earlier = steps.subList(0, steps.size() - 1);
            return earlier.isEmpty()
                    ? Optional.empty()
                    : Optional.of(IntStream.range(0, earlier.size())
                            .mapToDouble(step -> best(earlier, step)
                                    - steps.getLast().byStep().get(step))
                            .average()
                            .orElseThrow());
        }

        private static double best(List<StepAccuracy> accuracies, int step) {
            return accuracies.stream()
                    .skip(step)
                    .mapToDouble(accuracy -> accuracy.byStep().get(step))
                    .max()
                    .orElseThrow();
        }
    }

    /**
     * The results of one method over all seeds, at the quality with the highest mean accuracy after the last step.
     *
     * @param bytes coded size of the stored images after the last step; the largest of all seeds
     * @param accuracy accuracy after each step on all classes seen so far: mean and standard deviation over the
     *     networks of all seeds
     * @param forgetting the forgetting (see {@link SeedResult#forgetting()}); empty if there is only one step
     */
    record MethodSummary(
            MemoryMethod method,
            int quality,
            int seeds,
            long bytes,
            List<MeanAndStd> accuracy,
            MeanAndStd finalAccuracy,
            MeanAndStd averageAccuracy,
            Optional<MeanAndStd> forgetting) {

        MethodSummary {
            accuracy = List.copyOf(accuracy);
        }

        /** Summarises each method, in order of first appearance. */
        static List<MethodSummary> of(List<SeedResult> results) {
            return results.stream()
                    .map(SeedResult::method)
                    .distinct()
                    .map(method -> best(results.stream()
                            .filter(result -> result.method() == method)
                            .collect(Collectors.groupingBy(SeedResult::quality))
                            .values()))
                    .toList();
        }

        private static MethodSummary best(Collection<List<SeedResult>> byQuality) {
            return byQuality.stream()
                    .map(MethodSummary::ofRepeats)
                    .max(Comparator.comparingDouble(
                            summary -> summary.finalAccuracy().mean()))
                    .orElseThrow();
        }

        private static MethodSummary ofRepeats(List<SeedResult> results) {
            int steps = results.getFirst().steps().size();
            List<MeanAndStd> accuracy = IntStream.range(0, steps)
                    .mapToObj(step -> accuracyOverNetworks(results, step))
                    .toList();
            List<Double> forgetting = results.stream()
                    .map(SeedResult::forgetting)
                    .flatMap(Optional::stream)
                    .toList();
            return new MethodSummary(
                    results.getFirst().method(),
                    results.getFirst().quality(),
                    results.size(),
                    largestBytes(results),
                    accuracy,
                    accuracy.getLast(),
                    MeanAndStd.of(
                            results.stream().map(SeedResult::averageAccuracy).toList()),
                    forgetting.isEmpty() ? Optional.empty() : Optional.of(MeanAndStd.of(forgetting)));
        }

        private static long largestBytes(List<SeedResult> results) {
            return results.stream()
                    .mapToLong(result -> result.steps().getLast().bytes())
                    .max()
                    .orElseThrow();
        }

        private static MeanAndStd accuracyOverNetworks(List<SeedResult> results, int step) {
            return MeanAndStd.of(results.stream()
                    .flatMap(result -> result.steps().get(step).byNetwork().stream())
                    .toList());
        }
    }
}
