package dev.reverie.deploy.experiments.continual;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One experiment from its first step to its last.
 *
 * @param stages one a step, at least one
 */
public record SeedResult(MemoryMethod method, long seed, List<StepAccuracy> stages) {

    public SeedResult {
        stages = List.copyOf(stages);
        if (stages.isEmpty()) {
            throw new IllegalArgumentException("an experiment has at least one step");
        }
    }

    /** Accuracy on all classes after the last step. */
    public double finalAccuracy() {
        return stages.getLast().accuracy();
    }

    /**
     * Average incremental accuracy (Rebuffi et al., 2017): the mean over the steps of the accuracy on what was seen.
     */
    public double averageAccuracy() {
        return stages.stream().mapToDouble(StepAccuracy::accuracy).average().orElseThrow();
    }

    /**
     * Forgetting (Chaudhry et al., 2018): how far the accuracy on the classes of a step has fallen in the end from its
     * best before, in the mean over all steps but the last; negative where it rose. Empty for a single step.
     */
    public Optional<Double> forgetting() {
        List<StepAccuracy> earlier = stages.subList(0, stages.size() - 1);
        return earlier.isEmpty()
                ? Optional.empty()
                : Optional.of(IntStream.range(0, earlier.size())
                        .mapToDouble(step ->
                                best(earlier, step) - stages.getLast().byStep().get(step))
                        .average()
                        .orElseThrow());
    }

    private static double best(List<StepAccuracy> stages, int step) {
        return stages.stream()
                .skip(step)
                .mapToDouble(stage -> stage.byStep().get(step))
                .max()
                .orElseThrow();
    }
}
