package dev.reverie.gpu.trajectory;

import dev.reverie.gpu.augment.TrainingAugmentation;
import dev.reverie.gpu.dataset.OneHotLabels;
import dev.reverie.gpu.engine.RolloutOutcome;
import dev.reverie.gpu.engine.RolloutTask;
import dev.reverie.gpu.formation.MultiFormation;
import dev.reverie.gpu.formation.SyntheticViews;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.network.Activations;
import dev.reverie.gpu.network.BatchTrainer;
import dev.reverie.gpu.network.BatchTrainer.Sgd;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.Cotangents;
import dev.reverie.gpu.network.MicroBatch;
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
 * data that the derivatives need: the parameters before each step, and the derivative of the loss by the parameters
 * after it.
 *
 * <p>The loss is |theta_N - theta*|^2 / |theta_0 - theta*|^2 (MTT, equation 3). With lambda_i its derivative by
 * theta_i, alpha the rate and g_i the gradient of step i, its derivative by the images X_i of the step is -alpha times
 * the derivative of the inner product of lambda_{i+1} and g_i, which one tangent pass gives. TESLA uses lambda_N for
 * every step, as if no step depended on those before it. Unrolled through all steps, lambda_i is lambda_{i+1} - alpha
 * H_i lambda_{i+1} with the Hessian H_i of the step, another tangent pass (MTT). In both cases, the memory that grows
 * with N holds parameters only, never activations.
 *
 * <p>Valid as long as the workspace from which it was allocated.
 */
final class StudentRollout {

    private final ConvNet student;
    private final ComputeThreads threads;
    private final ThreadWorkspace scratch;
    private final double rate;
    private final List<StudentStep> steps;
    private final List<ParameterSet> before = new ArrayList<>();
    private final List<ParameterSet> byNext;
    private final RolloutOutcome outcome;

    /**
     * Performs the rollout.
     *
     * @param task start, target and rate
     * @param stored the synthetic images of the task, in double precision because derivative checks change them by less
     *     than the resolution of a float
     * @param student of the task's architecture; its parameters are overwritten
     * @param scratch provides the memory of this rollout
     */
    StudentRollout(
            RolloutTask task,
            List<double[][]> stored,
            ConvNet student,
            ComputeThreads threads,
            ThreadWorkspace scratch,
            DistillationSettings settings,
            MultiFormation formation,
            TrainingAugmentation views) {
        DistillationSettings.Trajectory trajectory = settings.trajectory().orElseThrow();
        this.student = student;
        this.threads = threads;
        this.scratch = scratch;
        this.rate = task.rate();
        this.steps = StudentStep.draw(
                stored, formation, settings.matching(), trajectory, views.normalise(), Seeds.generator(task.seed()));
        run(task.start());
        Arrival arrival = Arrival.of(task, student, scratch);
        this.byNext = trajectory.unrolled() ? unrolled(arrival.derivative()) : List.of(arrival.derivative());
        this.outcome = new RolloutOutcome(arrival.loss(), arrival.byBlock(), byRate(arrival.reached()));
    }

    /** The loss and its derivative by the learning rate. */
    RolloutOutcome outcome() {
        return outcome;
    }

    private void run(List<float[]> start) {
        List<Tensor> parameters = student.parameters().tensors();
        for (int i = 0; i < parameters.size(); i++) {
            parameters.get(i).setFloats(start.get(i));
        }
        student.parametersChanged();
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

    /** The derivatives by the parameters after each step, computed backwards from the last step. */
    private List<ParameterSet> unrolled(ParameterSet last) {
        List<ParameterSet> derivatives = new ArrayList<>(List.of(last));
        for (int step = steps.size() - 1; step > 0; step--) {
            derivatives.addFirst(throughStep(step, derivatives.getFirst()));
        }
        return derivatives;
    }

    /** Turns the derivative by the parameters after a step into the derivative by the parameters before it. */
    private ParameterSet throughStep(int step, ParameterSet after) {
        putStudentBefore(step);
        ParameterSet result = copy(after);
        StudentStep seen = steps.get(step);
        double[][] targets = seen.targets();
        List<MicroBatch> cut = MicroBatch.cut(seen.size());
        try (ThreadWorkspace.Scope temporary = scratch.scope()) {
            ParameterDirection direction = towards(after);
            List<ParameterSet> parts = threads.map(cut.size(), (index, workspace) -> {
                MicroBatch batch = cut.get(index);
                double[][] own = Arrays.copyOfRange(targets, batch.start(), batch.start() + batch.size());
                ParameterSet part = student.gradient(workspace);
                try (ThreadWorkspace.Scope ofThread = workspace.scope()) {
                    Activations activations = forward(batch, seen::image, workspace);
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

    private Activations forward(MicroBatch batch, IntFunction<double[]> images, ThreadWorkspace workspace) {
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

    /** The derivative by the parameters after a step; TESLA uses the same one for all steps. */
    private ParameterSet byNext(int step) {
        return byNext.get(Math.min(step, byNext.size() - 1));
    }

    /** Each step adds -rate g_i, so the derivative by the rate is the sum of the products with -g_i. */
    private double byRate(ParameterSet reached) {
        double sum = 0;
        for (int step = 0; step < steps.size(); step++) {
            ParameterSet after = step + 1 < steps.size() ? before.get(step + 1) : reached;
            sum += byNext(step).product(after) - byNext(step).product(before.get(step));
        }
        return sum / rate;
    }

    /** Derivative of the loss by the stored images of one class. */
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
     * The derivative by the images of the product of a step's gradient and the derivative by the parameters after the
     * step.
     */
    private double[][] imageGradient(SyntheticViews seen, int label, int step) {
        putStudentBefore(step);
        int batchSize = steps.get(step).size();
        List<MicroBatch> cut = MicroBatch.cut(seen.size());
        try (ThreadWorkspace.Scope temporary = scratch.scope()) {
            ParameterDirection direction = towards(byNext(step));
            List<List<double[]>> shares = threads.map(cut.size(), (index, workspace) -> {
                MicroBatch batch = cut.get(index);
                double[][] targets =
                        OneHotLabels.repeated(label, student.architecture().classes(), batch.size());
                try (ThreadWorkspace.Scope ofThread = workspace.scope()) {
                    Activations activations = forward(batch, seen::image, workspace);
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
     * The student's parameters at the end of the rollout.
     *
     * @param reached theta_N
     * @param derivative of the loss by theta_N
     */
    private record Arrival(double loss, List<Double> byBlock, ParameterSet reached, ParameterSet derivative) {

        static Arrival of(RolloutTask task, ConvNet student, ThreadWorkspace scratch) {
            int depth = student.architecture().depth();
            ParameterSet reached = student.gradient(scratch);
            student.parameters().copyTo(reached);
            ParameterSet derivative = student.gradient(scratch);
            double[] left = new double[depth];
            double way = IntStream.range(0, task.start().size())
                    .mapToDouble(i ->
                            squaredDistance(task.start().get(i), task.target().get(i)))
                    .sum();
            List<Tensor> tensors = reached.tensors();
            for (int i = 0; i < tensors.size(); i++) {
                double[] values = new double[Math.toIntExact(tensors.get(i).size())];
                tensors.get(i).read(0, values);
                for (int at = 0; at < values.length; at++) {
                    double rest = values[at] - task.target().get(i)[at];
                    left[ParameterSet.blockOf(i, depth)] += rest * rest / way;
                    values[at] = 2 * rest / way;
                }
                derivative.tensors().get(i).write(0, values);
            }
            List<Double> byBlock = Arrays.stream(left).boxed().toList();
            return new Arrival(Arrays.stream(left).sum(), byBlock, reached, derivative);
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
