package dev.reverie.gpu.joint;

import dev.reverie.gpu.dataset.OneHotLabels;
import dev.reverie.gpu.network.BatchTrainer;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.ConvNetActivations;
import dev.reverie.gpu.network.ConvNetActivations.Cotangents;
import dev.reverie.gpu.network.MicroBatch;
import dev.reverie.gpu.network.ParameterSet;
import dev.reverie.gpu.network.ParameterSet.ParameterDirection;
import dev.reverie.gpu.network.TrainingTargets;
import dev.reverie.gpu.synthetic.SyntheticViews;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Optimiser.Sgd;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * The parameters theta_0 to theta_N that a student visits in N steps of SGD, and the derivatives of each step, for
 * which the student returns to the parameters before the step. Notation as in {@link StudentRollout}.
 *
 * <p>An instance is valid until its workspace is reset.
 *
 * @param student network whose parameters are those of one step or another
 * @param visited the parameters before each step, and after the last one
 * @param scratch workspace that provides the memory of the trajectory
 */
record StudentTrajectory(
        ConvNet student,
        List<StudentBatch> batches,
        double rate,
        List<ParameterSet> visited,
        ComputeThreads threads,
        ThreadWorkspace scratch) {

    StudentTrajectory {
        visited = List.copyOf(visited);
    }

    /**
     * Trains a student from its current parameters on; {@code scratch} provides the memory of the trajectory.
     *
     * @param rate learning rate, positive
     */
    static StudentTrajectory train(
            ConvNet student, double rate, List<StudentBatch> batches, ComputeThreads threads, ThreadWorkspace scratch) {
        List<ParameterSet> visited = new ArrayList<>();
        for (StudentBatch batch : batches) {
            visited.add(copy(student.parameters(), student, scratch));
            advance(student, rate, List.of(batch), threads);
        }
        visited.add(copy(student.parameters(), student, scratch));
        return new StudentTrajectory(student, batches, rate, visited, threads, scratch);
    }

    /** Performs steps of SGD without momentum, and remembers nothing of them. */
    static void advance(ConvNet student, double rate, List<StudentBatch> batches, ComputeThreads threads) {
        BatchTrainer trainer = new BatchTrainer(threads);
        Sgd sgd = new Sgd(rate, 0, 0);
        for (StudentBatch batch : batches) {
            trainer.step(student, batch::image, TrainingTargets.of(List.of(batch.targets())), sgd);
        }
    }

    private static ParameterSet copy(ParameterSet from, ConvNet student, ThreadWorkspace scratch) {
        ParameterSet copy = student.gradient(scratch);
        from.copyTo(copy);
        return copy;
    }

    /**
     * Returns the derivatives with respect to the parameters after each step, computed backwards from that after the
     * last step.
     */
    List<ParameterSet> unrolled(ParameterSet last) {
        List<ParameterSet> derivatives = new ArrayList<>(List.of(last));
        for (int step = batches.size() - 1; step > 0; step--) {
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
        ParameterSet result = copy(after, student, scratch);
        StudentBatch seen = batches.get(step);
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

    /**
     * Computes the derivative of the inner product of a direction and the gradient of a step, with respect to the
     * stored images of one class, of which the step has some: {@code [count][channels * height * width]}.
     */
    double[][] imageGradient(int step, int label, ParameterSet components) {
        putStudentBefore(step);
        SyntheticViews seen = batches.get(step).byClass().get(label);
        int batchSize = batches.get(step).size();
        try (ThreadWorkspace.Scope temporary = scratch.scope()) {
            ParameterDirection direction = towards(components);
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

    private void putStudentBefore(int step) {
        visited.get(step).copyTo(student.parameters());
        student.parametersChanged();
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
}
