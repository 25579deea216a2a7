package dev.reverie.gpu.dl4j;

import dev.reverie.gpu.network.TrainingTargets;
import dev.reverie.gpu.tensor.nd4j.Nd4jTensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * The loss of an output layer: the mean loss of {@link dev.reverie.gpu.network.TrainingTargets}. DeepLearning4J's own
 * cross-entropy is computed from clipped probabilities rather than logits, leaves the division by the batch size to an
 * updater, and does not support a teacher.
 */
final class TrainingLoss implements ILossFunction {

    private TrainingTargets trainingTargets = TrainingTargets.of(List.of());

    /** Sets the targets of the next batch, because the labels of a graph cannot contain the teacher's logits. */
    void teach(TrainingTargets next) {
        trainingTargets = next;
    }

    @Override
    public double computeScore(
            INDArray targets, INDArray logits, IActivation identity, @Nullable INDArray mask, boolean average) {
        double sum = trainingTargets.loss(logits.toDoubleMatrix());
        return average ? sum / targets.size(0) : sum;
    }

    @Override
    public INDArray computeScoreArray(
            INDArray targets, INDArray logits, IActivation identity, @Nullable INDArray mask) {
        throw new UnsupportedOperationException("this layer computes the loss of whole batches only");
    }

    @Override
    public INDArray computeGradient(INDArray targets, INDArray logits, IActivation identity, @Nullable INDArray mask) {
        double[][] gradient = trainingTargets.gradient(logits.toDoubleMatrix(), 1.0 / targets.size(0));
        INDArray derivative = Nd4j.createUninitialized(logits.dataType(), logits.shape(), 'c');
        Nd4jTensor.over(derivative)
                .write(
                        0,
                        Arrays.stream(gradient).flatMapToDouble(Arrays::stream).toArray());
        return derivative;
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
        return "TrainingLoss";
    }
}
