package dev.reverie.gpu.engine;

import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import java.util.List;

/**
 * Asks for a rollout: starting from an expert's parameters, a student is trained on the synthetic images of all
 * classes, and its final parameters are compared with the expert's parameters some epochs later.
 *
 * @param network network that determines the student's number of classes
 * @param memory the stored synthetic images of each class, not yet decoded, by class index
 * @param start the expert's parameters from which the student starts, one array per tensor, in the network's order
 * @param target the expert's parameters some epochs after {@code start}, which the student should reach
 * @param rate learning rate of the student, positive
 * @param seed seed for all random choices in this rollout (batches and augmentation)
 */
public record StudentRolloutTask(
        NetworkId network, List<ImageBatch> memory, List<float[]> start, List<float[]> target, double rate, long seed) {

    public StudentRolloutTask {
        memory = List.copyOf(memory);
        start = List.copyOf(start);
        target = List.copyOf(target);
        if (memory.size() != network.classes()) {
            throw new IllegalArgumentException("a student of " + network.classes()
                    + " classes needs the images of as many classes, got " + memory.size());
        }
        if (!(rate > 0)) {
            throw new IllegalArgumentException("the student's learning rate must be positive, got " + rate);
        }
    }

    /**
     * The loss of a student's rollout, and the derivative of the loss with respect to the learning rate.
     *
     * @param loss squared distance from the student's final parameters to the target, divided by the squared distance
     *     from the start to the target (MTT, equation 3); not finite if the student diverged or the expert did not move
     * @param blockLosses the contribution of each block's parameters to the loss, in order from the input; the
     *     classifier counts as part of the last block
     * @param learningRateGradient derivative of the loss with respect to the student's learning rate
     */
    public record StudentRolloutOutcome(double loss, List<Double> blockLosses, double learningRateGradient) {

        public StudentRolloutOutcome {
            blockLosses = List.copyOf(blockLosses);
        }

        /** Whether the loss and the derivative are finite. */
        public boolean isFinite() {
            return Double.isFinite(loss) && Double.isFinite(learningRateGradient);
        }
    }
}
