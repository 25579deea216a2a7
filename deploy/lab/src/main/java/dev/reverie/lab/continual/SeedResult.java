package dev.reverie.lab.continual;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The accuracies of one method with one seed. */
record SeedResult(MemoryMethod method, long seed, List<StepAccuracy> steps) {

    SeedResult {
        steps = List.copyOf(steps);
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("a result needs the accuracy after at least one step");
        }
    }

    /**
     * The accuracy of the networks after one step.
     *
     * @param bytes size of the stored images of the memory, without compression
     * @param npzBytes size of a compressed file of the stored images of the memory
     * @param accuracy mean accuracy of the networks on the test images of all classes seen so far, in [0, 1]
     * @param byStep one mean accuracy per step so far, on the classes of that step
     */
    record StepAccuracy(
            int classes, long bytes, long npzBytes, double accuracy, List<Double> byNetwork, List<Double> byStep) {

        StepAccuracy {
            byNetwork = List.copyOf(byNetwork);
            byStep = List.copyOf(byStep);
        }
    }

    /**
     * Returns the average incremental accuracy (Rebuffi et al., 2017): the mean over all steps of the accuracy on the
     * classes seen so far.
     */
    double averageAccuracy() {
        return steps.stream().mapToDouble(StepAccuracy::accuracy).average().orElseThrow();
    }

    /**
     * Returns forgetting (Chaudhry et al., 2018): the drop from the best earlier accuracy on the classes of a step to
     * the final accuracy on them, averaged over all steps but the last. It is negative if the accuracy rose, and empty
     * if there is only one step.
     */
    Optional<Double> forgetting() {
        List<StepAccuracy> earlier = steps.subList(0, steps.size() - 1);
        return earlier.isEmpty()
                ? Optional.empty()
                : Optional.of(IntStream.range(0, earlier.size())
                        .mapToDouble(step ->
                                best(earlier, step) - steps.getLast().byStep().get(step))
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
