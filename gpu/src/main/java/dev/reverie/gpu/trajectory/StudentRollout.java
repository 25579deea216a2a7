package dev.reverie.gpu.trajectory;

import dev.reverie.gpu.augment.TrainingAugmentation;
import dev.reverie.gpu.dataset.OneHotLabels;
import dev.reverie.gpu.engine.StudentRolloutOutcome;
import dev.reverie.gpu.engine.StudentRolloutTask;
import dev.reverie.gpu.formation.MultiFormation;
import dev.reverie.gpu.formation.SyntheticViews;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.method.TrajectorySettings;
import dev.reverie.gpu.network.BatchTrainer;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.ConvNetActivations;
import dev.reverie.gpu.network.Cotangents;
import dev.reverie.gpu.network.MicroBatch;
import dev.reverie.gpu.network.Optimiser.Sgd;
import dev.reverie.gpu.network.ParameterDirection;
import dev.reverie.gpu.network.ParameterSet;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
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
 * i. In both cases, the memory for parameters grows with N, but the memory for activations does not.
 *
 * <p>An instance is valid until its workspace is reset.
 */
final class StudentRollout {

    private final ConvNet student;
    private final ComputeThreads threads;
    private final ThreadWorkspace scratch;
    private final double rate;
    private final List<StudentStep> steps;
    private final List<ParameterSet> before = new ArrayList<>();
    private final List<ParameterSet> byNext;
    private final StudentRolloutOutcome outcome;

    /**
     * Performs the rollout.
     *
     * @param task start, target and learning rate
     * @param stored the synthetic images of the task, in double precision because derivative checks change them by less
     *     than the resolution of a float
     * @param student network of the task's architecture, whose parameters are overwritten
     * @param scratch workspace that provides the memory of this rollout
     */
    StudentRollout(
            StudentRolloutTask task,
            List<double[][]> stored,
            ConvNet student,
            ComputeThreads threads,
            ThreadWorkspace scratch,
            DistillationSettings settings,
            MultiFormation formation,
            TrainingAugmentation views) {
        TrajectorySettings trajectory = settings.trajectory().orElseThrow();
        this.student = student;
        this.threads = threads;
        this.scratch = scratch;
        this.rate = task.rate();
        this.steps = StudentStep.draw(
                stored, formation, settings.matching(), trajectory, views.normalise(), Seeds.generator(task.seed()));
        run(task.start());
        RolloutEnd end = RolloutEnd.of(task, student, scratch);
        this.byNext = trajectory.unrolled() ? unrolled(end.derivative()) : List.of(end.derivative());
        this.outcome = new StudentRolloutOutcome(end.loss(), end.blockLosses(), learningRateGradient(end.reached()));
    }

    /** The loss and its derivative with respect to the learning rate. */
    StudentRolloutOutcome outcome() {
        return outcome;
    }

    private void run(List<float[]> start) {
        student.setParameters(start);
        student.velocities().tensors().forEach(velocity -> velocity.fill(0));
        BatchTrainer trainer = new BatchTrainer(threads);
        for (StudentStep step : steps) {
            before.add(copy(student.parameters()));
            trainer.step(student, step::image, step.targets(), new Sgd(rate, 0, 0));
        }
    }

    private ParameterSet copy(ParameterSet from) {
        ParameterSet copy = student.gradient(scratch);
        from.copyTo(copy);
        return copy;
    }

    private void putStudentBefore(int step) {
        before.get(step).copyTo(student.parameters());
        student.parametersChanged();
    }

    /**
     * Returns the derivatives with respect to the parameters after each step, computed backwards from the last step.
     */
    private List<ParameterSet> unrolled(ParameterSet last) {
        List<ParameterSet> derivatives = new ArrayList<>(List.of(last));
        for (int step = steps.size() - 1; step > 0; step--) {
            derivatives.addFirst(throughStep(step, derivatives.getFirst()));
        }
        return derivatives;
    }

    /**
     * Turns the derivative with respect to the parameters after a step into the derivative with respect to the
     * parameters before the step.
     */
    private ParameterSet throughStep(int step, ParameterSet after) {
        putStudentBefore(step);
        ParameterSet result = copy(after);
        StudentStep seen = steps.get(step);
        double[][] targets = seen.targets();
        try (ThreadWorkspace.Scope temporary = scratch.scope()) {
            ParameterDirection direction = towards(after);
            List<ParameterSet> parts = MicroBatch.map(seen.size(), threads, (batch, workspace) -> {
                double[][] own = Arrays.copyOfRange(targets, batch.start(), batch.start() + batch.size());
                ParameterSet part = student.gradient(workspace);
                try (ThreadWorkspace.Scope ofThread = workspace.scope()) {
                    ConvNetActivations activations = forward(batch, seen::image, workspace);
                    Cotangents cotangents =
                            activations.backward(own, 1.0 / seen.size(), student.gradient(workspace), workspace);
                    activations.hessianTimes(direction, cotangents, workspace).copyTo(part);
                }
                return part;
            });
            parts.forEach(part -> result.add(-rate, part));
            threads.reset();
        }
        return result;
    }

    private ConvNetActivations forward(MicroBatch batch, IntFunction<double[]> images, ThreadWorkspace workspace) {
        return student.forward(batch.load(student.architecture().input(), images, workspace), workspace);
    }

    private ParameterDirection towards(ParameterSet components) {
        ParameterDirection direction = ParameterDirection.zero(student, scratch);
        components.copyTo(direction.parameters());
        for (int block = 0; block < student.architecture().depth(); block++) {
            direction.changed(block, student.kernels());
        }
        return direction;
    }

    /**
     * Returns the derivative with respect to the parameters after a step; TESLA uses the same derivative for all steps.
     */
    private ParameterSet byNext(int step) {
        return byNext.get(Math.min(step, byNext.size() - 1));
    }

    /**
     * Computes the derivative with respect to the rate: each step adds -rate g_i to the parameters, so the derivative
     * is the sum of the inner products of lambda_{i+1} and -g_i.
     */
    private double learningRateGradient(ParameterSet reached) {
        double sum = 0;
        for (int step = 0; step < steps.size(); step++) {
            ParameterSet after = step + 1 < steps.size() ? before.get(step + 1) : reached;
            sum += byNext(step).product(after) - byNext(step).product(before.get(step));
        }
        return sum / rate;
    }

    /** Computes the derivative of the loss with respect to the stored images of one class. */
    double[][] imageGradient(int label) {
        double[][] gradient = steps.getFirst().byClass().get(label).gradient(List.of());
        for (int step = 0; step < steps.size(); step++) {
            SyntheticViews seen = steps.get(step).byClass().get(label);
            if (seen.size() > 0) {
                double[][] share = imageGradient(seen, label, step);
                for (int i = 0; i < gradient.length; i++) {
                    for (int at = 0; at < gradient[i].length; at++) {
                        gradient[i][at] -= rate * share[i][at];
                    }
                }
            }
        }
        return gradient;
    }

    /**
     * Computes the derivative of the inner product of lambda_{i+1} and g_i, for step i, with respect to the images of
     * one class.
     */
    private double[][] imageGradient(SyntheticViews seen, int label, int step) {
        putStudentBefore(step);
        int batchSize = steps.get(step).size();
        try (ThreadWorkspace.Scope temporary = scratch.scope()) {
            ParameterDirection direction = towards(byNext(step));
            List<List<double[]>> shares = MicroBatch.map(seen.size(), threads, (batch, workspace) -> {
                double[][] targets =
                        OneHotLabels.repeated(label, student.architecture().classes(), batch.size());
                try (ThreadWorkspace.Scope ofThread = workspace.scope()) {
                    ConvNetActivations activations = forward(batch, seen::image, workspace);
                    Cotangents cotangents =
                            activations.backward(targets, 1.0 / batchSize, student.blockGradient(workspace), workspace);
                    return seen.adjoint(
                            batch, activations.imageGradientOf(direction, cotangents, Optional.empty(), workspace));
                }
            });
            threads.reset();
            return seen.gradient(shares);
        }
    }

    /**
     * The end of a rollout: the loss, and the student's parameters.
     *
     * @param reached theta_N
     * @param derivative derivative of the loss with respect to theta_N
     */
    private record RolloutEnd(double loss, List<Double> blockLosses, ParameterSet reached, ParameterSet derivative) {

        static RolloutEnd of(StudentRolloutTask task, ConvNet student, ThreadWorkspace scratch) {
            int depth = student.architecture().depth();
            ParameterSet reached = student.gradient(scratch);
            student.parameters().copyTo(reached);
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
            return new RolloutEnd(Arrays.stream(lossByBlock).sum(), blockLosses, reached, derivative);
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
