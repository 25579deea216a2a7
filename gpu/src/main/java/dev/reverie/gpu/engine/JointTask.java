package dev.reverie.gpu.engine;

import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import java.util.List;

/**
 * Asks for a loss of the synthetic images of all classes together. The calls of {@link DistillationEngine#match} that
 * follow return this loss, and its gradient for one class each.
 */
public sealed interface JointTask {

    /** Network that determines the number of classes. */
    NetworkId network();

    /** The stored synthetic images of each class, not yet decoded, by class index. */
    List<ImageBatch> memory();

    /** Learning rate of the student, positive; methods without a student ignore it. */
    double rate();

    /** Seed for all random choices, for example batches and augmentation. */
    long seed();

    /**
     * Asks for the loss of a student that follows an expert: from the expert's parameters, it is trained on the
     * synthetic images, and compared with the expert some epochs later.
     *
     * @param start the expert's parameters from which the student starts, one array per tensor, in the network's order
     * @param target the expert's parameters some epochs after {@code start}, which the student should reach
     */
    record FollowExpert(
            NetworkId network,
            List<ImageBatch> memory,
            List<float[]> start,
            List<float[]> target,
            double rate,
            long seed)
            implements JointTask {

        public FollowExpert {
            memory = List.copyOf(memory);
            start = List.copyOf(start);
            target = List.copyOf(target);
            check(network, memory, rate);
        }
    }

    /**
     * Asks for the loss, on real images, of a model that is fitted to the synthetic images.
     *
     * @param real real images of all classes, not empty
     */
    record FitModel(NetworkId network, List<ImageBatch> memory, List<LabelledImage> real, double rate, long seed)
            implements JointTask {

        public FitModel {
            memory = List.copyOf(memory);
            real = List.copyOf(real);
            check(network, memory, rate);
            if (real.isEmpty()) {
                throw new IllegalArgumentException("a fitted model needs real images to be compared with");
            }
        }
    }

    private static void check(NetworkId network, List<ImageBatch> memory, double rate) {
        if (memory.size() != network.classes()) {
            throw new IllegalArgumentException("a step of " + network.classes()
                    + " classes needs the images of as many classes, got " + memory.size());
        }
        if (!(rate > 0)) {
            throw new IllegalArgumentException("the student's learning rate must be positive, got " + rate);
        }
    }

    /**
     * The loss of all classes together.
     *
     * @param loss not finite if the student diverged, or if an expert did not move
     * @param blockLosses contribution of each block of the network to the loss, in order from the input; a classifier,
     *     and a loss of outputs, count as part of the last block
     * @param learningRateGradient derivative of the loss with respect to the student's learning rate; 0 without a
     *     student
     */
    record JointOutcome(double loss, List<Double> blockLosses, double learningRateGradient) {

        public JointOutcome {
            blockLosses = List.copyOf(blockLosses);
        }

        /** Whether the loss and the derivative are finite. */
        public boolean isFinite() {
            return Double.isFinite(loss) && Double.isFinite(learningRateGradient);
        }
    }
}
