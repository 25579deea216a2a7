package dev.reverie.gpu.joint;

import dev.reverie.gpu.augment.AffineImageTransform;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.OneHotLabels;
import dev.reverie.gpu.network.BatchTrainer;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.ParameterSet;
import dev.reverie.gpu.network.TrainingTargets;
import dev.reverie.gpu.synthetic.DistillationContext;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The loss at the end of a rollout, and its derivative with respect to the parameters theta_N that it reached. */
record RolloutEnd(double loss, List<Double> blockLosses, ParameterSet derivative) {

    /** Compares theta_N with the parameters that an expert had some epochs after {@code start}. */
    static RolloutEnd atExpert(
            List<float[]> start, List<float[]> target, ParameterSet reached, ConvNet student, ThreadWorkspace scratch) {
        int depth = student.architecture().depth();
        ParameterSet derivative = student.gradient(scratch);
        double[] lossByBlock = new double[depth];
        double totalDistance = IntStream.range(0, start.size())
                .mapToDouble(i -> squaredDistance(start.get(i), target.get(i)))
                .sum();
        List<Tensor> tensors = reached.tensors();
        for (int i = 0; i < tensors.size(); i++) {
            double[] values = new double[Math.toIntExact(tensors.get(i).size())];
            tensors.get(i).read(0, values);
            for (int at = 0; at < values.length; at++) {
                double difference = values[at] - target.get(i)[at];
                lossByBlock[ParameterSet.blockOf(i, depth)] += difference * difference / totalDistance;
                values[at] = 2 * difference / totalDistance;
            }
            derivative.tensors().get(i).write(0, values);
        }
        List<Double> blockLosses = Arrays.stream(lossByBlock).boxed().toList();
        return new RolloutEnd(Arrays.stream(lossByBlock).sum(), blockLosses, derivative);
    }

    private static double squaredDistance(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            double difference = (double) one[i] - other[i];
            sum += difference * difference;
        }
        return sum;
    }

    /** Computes the mean cross-entropy, in nats, of real images under the student as it is. */
    static RolloutEnd onRealImages(
            List<LabelledImage> real, ConvNet student, DistillationContext context, ThreadWorkspace scratch) {
        AffineImageTransform normalise = context.normalise();
        TrainingTargets targets = TrainingTargets.of(List.of(real.stream()
                .map(one -> OneHotLabels.of(one.label(), student.architecture().classes()))
                .toArray(double[][]::new)));
        ParameterSet derivative = student.gradient(scratch);
        double loss = new BatchTrainer(context.threads())
                .gradient(student, i -> normalise.apply(real.get(i).image().values()), targets, derivative)
                .loss();
        return new RolloutEnd(loss, JointLoss.ofOutputs(loss, student.architecture()), derivative);
    }
}
