package dev.reverie.gpu.trajectory;

import dev.reverie.gpu.engine.StudentRolloutTask;
import dev.reverie.gpu.engine.StudentRolloutTask.StudentRolloutOutcome;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.ParameterSet;
import dev.reverie.gpu.synthetic.DistillationContext;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A student's N steps of SGD on the synthetic images, from an expert's parameters theta_0 to theta_N, together with the
 * data that the derivatives need: the parameters before each step, and the derivative of the loss with respect to the
 * parameters after each step.
 *
 * <p>The loss is |theta_N - theta*|^2 / |theta_0 - theta*|^2, where theta* are the parameters that the student should
 * reach (MTT, equation 3). Let alpha be the learning rate, X_i the images of step i, g_i the gradient of step i, and
 * lambda_i the derivative of the loss with respect to theta_i. The derivative of the loss with respect to X_i is -alpha
 * times the derivative of the inner product of lambda_{i+1} and g_i, which one tangent pass computes. TESLA uses
 * lambda_N for every step, as if each step were independent of the previous ones. MTT unrolls all steps: lambda_i is
 * lambda_{i+1} - alpha H_i lambda_{i+1}, where another tangent pass computes the product with the Hessian H_i of step
 * i. In both cases, the memory for parameters grows with N, but the memory for activations does not. The test
 * {@code TrajectoryDerivativesTest} compares these derivatives with central differences.
 *
 * <p>An instance is valid until its workspace is reset.
 *
 * @param byNext derivatives of the loss with respect to the parameters after each step; with TESLA, one for all steps
 * @param outcome the loss, and its derivative with respect to the learning rate
 */
record StudentRollout(StudentTrajectory path, List<ParameterSet> byNext, StudentRolloutOutcome outcome) {

    /**
     * Performs the rollout.
     *
     * @param task start, target and learning rate
     * @param stored the synthetic images of the task, in double precision because derivative checks change them by less
     *     than the resolution of a float
     * @param student network of the task's architecture, whose parameters are overwritten
     * @param scratch workspace that provides the memory of this rollout
     */
    static StudentRollout perform(
            StudentRolloutTask task,
            List<double[][]> stored,
            ConvNet student,
            DistillationContext context,
            ThreadWorkspace scratch) {
        List<StudentBatch> batches = StudentBatch.draw(stored, context, Seeds.generator(task.seed()));
        StudentTrajectory path = StudentTrajectory.train(task, student, batches, context.threads(), scratch);
        RolloutEnd end = RolloutEnd.of(task, path.visited().getLast(), student, scratch);
        boolean unrolled = context.settings().trajectory().orElseThrow().unrolled();
        List<ParameterSet> byNext = unrolled ? path.unrolled(end.derivative()) : List.of(end.derivative());
        return new StudentRollout(
                path,
                byNext,
                new StudentRolloutOutcome(end.loss(), end.blockLosses(), learningRateGradient(path, byNext)));
    }

    /**
     * Computes the derivative with respect to the rate: each step adds -rate g_i to the parameters, so the derivative
     * is the sum of the inner products of lambda_{i+1} and -g_i. With TESLA, which has one lambda, the sum over all
     * steps is the product of lambda with the way from theta_0 to theta_N.
     */
    private static double learningRateGradient(StudentTrajectory path, List<ParameterSet> byNext) {
        double sum = 0;
        for (int i = 0; i < byNext.size(); i++) {
            ParameterSet before = path.visited().get(i);
            ParameterSet after = i + 1 < byNext.size()
                    ? path.visited().get(i + 1)
                    : path.visited().getLast();
            sum += byNext.get(i).product(after) - byNext.get(i).product(before);
        }
        return sum / path.rate();
    }

    /** Computes the derivative of the loss with respect to the stored images of one class. */
    double[][] imageGradient(int label) {
        List<StudentBatch> batches = path.batches();
        double[][] gradient = batches.getFirst().byClass().get(label).gradient(List.of());
        for (int step = 0; step < batches.size(); step++) {
            if (batches.get(step).byClass().get(label).size() > 0) {
                double[][] share = path.imageGradient(step, label, byNext(step));
                for (int i = 0; i < gradient.length; i++) {
                    for (int at = 0; at < gradient[i].length; at++) {
                        gradient[i][at] -= path.rate() * share[i][at];
                    }
                }
            }
        }
        return gradient;
    }

    private ParameterSet byNext(int step) {
        return byNext.get(Math.min(step, byNext.size() - 1));
    }

    /** The loss at the end of a rollout, and its derivative with respect to theta_N. */
    private record RolloutEnd(double loss, List<Double> blockLosses, ParameterSet derivative) {

        /** Compares theta_N with the target. */
        static RolloutEnd of(StudentRolloutTask task, ParameterSet reached, ConvNet student, ThreadWorkspace scratch) {
            int depth = student.architecture().depth();
            ParameterSet derivative = student.gradient(scratch);
            double[] lossByBlock = new double[depth];
            double totalDistance = IntStream.range(0, task.start().size())
                    .mapToDouble(i ->
                            squaredDistance(task.start().get(i), task.target().get(i)))
                    .sum();
            List<Tensor> tensors = reached.tensors();
            for (int i = 0; i < tensors.size(); i++) {
                double[] values = new double[Math.toIntExact(tensors.get(i).size())];
                tensors.get(i).read(0, values);
                for (int at = 0; at < values.length; at++) {
                    double difference = values[at] - task.target().get(i)[at];
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
    }
}
