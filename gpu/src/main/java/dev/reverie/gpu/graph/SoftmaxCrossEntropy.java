package dev.reverie.gpu.graph;

import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Mean softmax cross-entropy of logits against target distributions. DeepLearning4J's own loss takes probabilities, so
 * that a graph would give no logits, and clips them; and it leaves the division by the size of the batch to an updater.
 */
final class SoftmaxCrossEntropy implements ILossFunction {

    @Override
    public double computeScore(
            INDArray targets, INDArray logits, IActivation identity, @Nullable INDArray mask, boolean average) {
        double sum =
                computeScoreArray(targets, logits, identity, mask).sumNumber().doubleValue();
        return average ? sum / targets.size(0) : sum;
    }

    @Override
    public INDArray computeScoreArray(
            INDArray targets, INDArray logits, IActivation identity, @Nullable INDArray mask) {
        INDArray largest = logits.max(true, 1);
        INDArray logPartition = Transforms.log(
                        Transforms.exp(logits.sub(largest), false).sum(true, 1), false)
                .addi(largest);
        return logits.sub(logPartition).muli(targets).sum(true, 1).negi();
    }

    @Override
    public INDArray computeGradient(INDArray targets, INDArray logits, IActivation identity, @Nullable INDArray mask) {
        INDArray softmax = Nd4j.nn().softmax(logits, 1);
        return softmax.subi(targets).divi(targets.size(0));
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray targets, INDArray logits, IActivation identity, @Nullable INDArray mask, boolean average) {
        return new Pair<>(
                computeScore(targets, logits, identity, mask, average),
                computeGradient(targets, logits, identity, mask));
    }

    @Override
    public String name() {
        return "SoftmaxCrossEntropy";
    }
}
