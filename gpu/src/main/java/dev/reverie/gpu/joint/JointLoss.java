package dev.reverie.gpu.joint;

import dev.reverie.gpu.engine.JointTask.JointOutcome;
import dev.reverie.gpu.network.Architecture;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** A loss of the synthetic images of all classes together, valid until the next one of the same engine. */
interface JointLoss {

    JointOutcome outcome();

    /** Computes the derivative of the loss with respect to the stored images of one class, by its index. */
    double[][] imageGradient(int label);

    /**
     * A loss whose derivatives are known.
     *
     * @param blockLosses contribution of each block of the network to the loss
     * @param gradients derivative with respect to the stored images, by class
     */
    static JointLoss of(List<Double> blockLosses, List<double[][]> gradients) {
        double loss = blockLosses.stream().mapToDouble(Double::doubleValue).sum();
        return new Known(new JointOutcome(loss, blockLosses, 0), gradients);
    }

    record Known(JointOutcome outcome, List<double[][]> gradients) implements JointLoss {

        @Override
        public double[][] imageGradient(int label) {
            return gradients.get(label);
        }
    }

    /** The contributions of the blocks of a network to a loss of its outputs: all of it belongs to the last block. */
    static List<Double> ofOutputs(double loss, Architecture network) {
        return Stream.concat(Collections.nCopies(network.depth() - 1, 0.0).stream(), Stream.of(loss))
                .toList();
    }
}
