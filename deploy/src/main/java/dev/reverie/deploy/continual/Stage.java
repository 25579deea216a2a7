package dev.reverie.deploy.continual;

import java.util.List;

/**
 * What a memory is worth after a step: accuracies of a network trained on it alone.
 *
 * @param classes seen so far
 * @param accuracy on the test images of all classes seen so far, in [0, 1]
 * @param byStep on those of the classes of each step so far
 */
public record Stage(int classes, double accuracy, List<Double> byStep) {

    public Stage {
        byStep = List.copyOf(byStep);
    }
}
