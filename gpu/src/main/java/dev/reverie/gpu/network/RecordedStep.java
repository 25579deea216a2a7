package dev.reverie.gpu.network;

import dev.reverie.gpu.augment.TrainingAugmentation.TrainingBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.network.ParameterSet.Linear;
import dev.reverie.gpu.tensor.DeviceKernels;
import dev.reverie.gpu.tensor.DeviceKernels.KernelRecording;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Factor;
import dev.reverie.gpu.tensor.Optimiser.Sgd;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A step of SGD of one network on batches of one size, which a device records once it has been repeated, so that all of
 * its kernels start with one call. The host reads nothing between steps, so it prepares later batches while the device
 * computes. A step gives the same bits whether it is recorded or not.
 */
final class RecordedStep implements AutoCloseable {

    /**
     * Number of steps that are not recorded. A recording takes the host as long as some steps, and memory of its own.
     */
    private static final int FIRST_STEPS = 8;

    private final StepKind kind;
    private final DeviceKernels device;
    private final ThreadWorkspace batch;
    private final ThreadWorkspace scratch;
    private final Tensor images;
    private final Tensor targets;
    private final Tensor ones;
    private final Tensor totals;
    private Optional<KernelRecording> recording = Optional.empty();
    private int steps;

    /**
     * What steps that are alike have in common.
     *
     * @param network its parameters and velocities keep their memory until the last run
     * @param samples number of images of each batch, as many as the device computes at once
     */
    record StepKind(Network network, int samples, Sgd sgd) {}

    /**
     * Sums over the steps of a training.
     *
     * @param loss sum of the mean losses of the steps, in nats
     * @param correct number of images that were classified correctly before the step on them
     */
    record Totals(double loss, double correct) {}

    /** Allocates the batch. */
    RecordedStep(StepKind kind, DeviceKernels device) {
        this.kind = kind;
        this.device = device;
        this.batch = new ThreadWorkspace(device);
        this.scratch = new ThreadWorkspace(device);
        Architecture architecture = kind.network().architecture();
        ImageShape shape = architecture.input();
        try {
            this.images = batch.take(kind.samples(), shape.channels(), shape.height(), shape.width());
            this.targets = batch.take(kind.samples(), architecture.classes());
            this.ones = batch.take(kind.samples(), 1);
            this.totals = batch.take(2);
            ones.fill(1);
            totals.fill(0);
        } catch (RuntimeException | Error failure) {
            batch.close();
            throw failure;
        }
    }

    StepKind kind() {
        return kind;
    }

    /**
     * Starts the step on a batch and returns before the device has ended it. If the memory of the device does not
     * suffice, the network and the sums stay as they were.
     */
    void run(TrainingBatch next) {
        images.setRows(next.images().toArray(double[][]::new));
        targets.setRows(next.targets().toArray(double[][]::new));
        if (recording.isEmpty() && steps == FIRST_STEPS) {
            scratch.free(); // what is recorded has tensors of its own
            recording = Optional.of(device.record(this::startKernels));
        }
        if (recording.isPresent()) {
            recording.get().launch();
        } else {
            startKernels();
            steps++;
        }
    }

    private void startKernels() {
        Network network = kind.network();
        try (ThreadWorkspace.Scope temporary = scratch.scope()) {
            Tensor sums = scratch.take(2);
            List<Tensor> gradients = gradient(sums).tensors();
            IntStream.range(0, gradients.size()).forEach(i -> network.descend(i, gradients.get(i), kind.sgd()));
            IntStream.range(0, network.architecture().convolutions().size()).forEach(network::renewAdjoint);
            device.add(sums, totals);
        }
    }

    /** Computes the gradient of the mean cross-entropy. Products with ones add a row to all, or sum all rows. */
    private ParameterSet gradient(Tensor sums) {
        Network network = kind.network();
        Kernels kernels = network.kernels();
        Activations activations = network.forward(images, scratch);
        ParameterSet gradient = network.gradient(scratch);
        Linear classifier = network.classifier();
        int classes = network.architecture().classes();
        Tensor logits = scratch.take(kind.samples(), classes);
        kernels.multiply(Factor.of(activations.features()), Factor.transposed(classifier.weight()), false, logits);
        kernels.multiply(Factor.of(ones), Factor.of(classifier.bias()), true, logits);
        Tensor dLogits = scratch.take(kind.samples(), classes);
        device.crossEntropy(logits, targets, 1.0 / kind.samples(), dLogits, sums);
        activations.backward(dLogits, gradient, scratch);
        Tensor bias = gradient.classifier().orElseThrow().bias();
        kernels.multiply(Factor.transposed(ones), Factor.of(dLogits), false, bias);
        return gradient;
    }

    /** Waits for all steps; returns the sums over those since the last call. */
    Totals takeTotals() {
        double[] sums = totals.toDoubles();
        totals.fill(0);
        return new Totals(sums[0], sums[1]);
    }

    /** Forgets the sums over earlier steps. */
    void clearTotals() {
        totals.fill(0);
    }

    @Override
    public void close() {
        try {
            recording.ifPresent(KernelRecording::close);
        } finally {
            batch.close();
            scratch.close();
        }
    }
}
