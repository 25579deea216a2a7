package dev.reverie.gpu.matching;

import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.JointTask.FollowExpert;
import dev.reverie.gpu.joint.StudentBatch;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.network.BatchTrainer;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.ConvNetActivations;
import dev.reverie.gpu.network.ConvNetArchitecture;
import dev.reverie.gpu.network.MicroBatch;
import dev.reverie.gpu.network.ParameterSet;
import dev.reverie.gpu.network.TrainingTargets;
import dev.reverie.gpu.synthetic.DistillationContext;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Optimiser.Sgd;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The trajectory matching loss whose gradient TESLA computes: each step of the student takes the gradient at parameters
 * that are constant, namely those that one rollout of the given images visited. Composed of first-order gradients only,
 * so that it is independent of the rollout under test.
 */
final class TeslaLoss {

    private final Kernels kernels;
    private final ConvNetArchitecture architecture;
    private final Normalisation normalisation;
    private final DistillationSettings settings;
    private final FollowExpert task;
    private final List<List<double[]>> visited = new ArrayList<>();

    /**
     * Rolls out the student once and remembers the parameters that it visits.
     *
     * @param task start and target parameters, learning rate and seed of the rollout
     * @param images stored images of the rollout: for each class, the values of each image
     */
    TeslaLoss(
            Kernels kernels,
            ConvNetArchitecture architecture,
            Normalisation normalisation,
            DistillationSettings settings,
            FollowExpert task,
            List<double[][]> images) {
        this.kernels = kernels;
        this.architecture = architecture;
        this.normalisation = normalisation;
        this.settings = settings;
        this.task = task;
        try (ComputeThreads threads = new ComputeThreads(kernels, 1);
                ConvNet student = ConvNet.fresh(architecture, kernels, Seeds.generator(0))) {
            put(student, wide(task.start()));
            for (StudentBatch batch : batches(images)) {
                visited.add(read(student.parameters()));
                TrainingTargets targets = TrainingTargets.of(List.of(batch.targets()));
                new BatchTrainer(threads).step(student, batch::image, targets, new Sgd(task.rate(), 0, 0));
            }
        }
    }

    /** Returns the loss for these stored images and this learning rate. */
    double of(List<double[][]> images, double rate) {
        List<double[]> reached = wide(task.start());
        List<StudentBatch> batches = batches(images);
        for (int step = 0; step < batches.size(); step++) {
            List<double[]> gradient = gradient(batches.get(step), visited.get(step));
            for (int i = 0; i < reached.size(); i++) {
                for (int at = 0; at < reached.get(i).length; at++) {
                    reached.get(i)[at] -= rate * gradient.get(i)[at];
                }
            }
        }
        List<double[]> target = wide(task.target());
        return squaredDistance(reached, target) / squaredDistance(wide(task.start()), target);
    }

    private List<StudentBatch> batches(List<double[][]> images) {
        try (ComputeThreads threads = new ComputeThreads(kernels, 1)) {
            return StudentBatch.draw(
                    images,
                    DistillationContext.of(settings, architecture.input(), normalisation, threads),
                    settings.trajectory().orElseThrow().batch(),
                    settings.trajectory().orElseThrow().steps(),
                    Seeds.generator(task.seed()));
        }
    }

    private List<double[]> gradient(StudentBatch batch, List<double[]> at) {
        try (ThreadWorkspace scratch = new ThreadWorkspace(kernels);
                ConvNet network = ConvNet.fresh(architecture, kernels, Seeds.generator(0))) {
            put(network, at);
            ParameterSet gradient = network.gradient(scratch);
            MicroBatch whole = new MicroBatch(0, batch.size());
            ConvNetActivations activations =
                    network.forward(whole.load(architecture.input(), batch::image, scratch), scratch);
            activations.backward(batch.targets(), 1.0 / batch.size(), gradient, scratch);
            return read(gradient);
        }
    }

    private static void put(ConvNet network, List<double[]> values) {
        for (int i = 0; i < values.size(); i++) {
            network.parameters().tensors().get(i).write(0, values.get(i));
        }
        network.parametersChanged();
    }

    private static List<double[]> read(ParameterSet parameters) {
        return parameters.tensors().stream()
                .map(tensor -> {
                    double[] values = new double[(int) tensor.size()];
                    tensor.read(0, values);
                    return values;
                })
                .toList();
    }

    private static double squaredDistance(List<double[]> one, List<double[]> other) {
        return IntStream.range(0, one.size())
                .mapToDouble(i -> IntStream.range(0, one.get(i).length)
                        .mapToDouble(at -> one.get(i)[at] - other.get(i)[at])
                        .map(difference -> difference * difference)
                        .sum())
                .sum();
    }

    private static List<double[]> wide(List<float[]> parameters) {
        return parameters.stream()
                .map(values -> {
                    double[] wide = new double[values.length];
                    Arrays.setAll(wide, i -> values[i]);
                    return wide;
                })
                .toList();
    }
}
