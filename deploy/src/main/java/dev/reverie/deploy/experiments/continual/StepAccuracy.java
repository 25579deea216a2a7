package dev.reverie.deploy.experiments.continual;

import java.util.List;

/**
 * What a memory is worth after a step: accuracies of networks that learned from memories alone.
 *
 * @param classes seen so far
 * @param accuracy on the test images of all classes seen so far, in [0, 1], in the mean over the networks
 * @param byNetwork the same for each network
 * @param byStep the same on those of the classes of each step so far
 */
public record StepAccuracy(int classes, double accuracy, List<Double> byNetwork, List<Double> byStep) {

    public StepAccuracy {
        byNetwork = List.copyOf(byNetwork);
        byStep = List.copyOf(byStep);
    }

    /** Of one network. */
    StepAccuracy(int classes, double accuracy, List<Double> byStep) {
        this(classes, accuracy, List.of(accuracy), byStep);
    }
}
