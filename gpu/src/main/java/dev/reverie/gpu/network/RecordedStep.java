package dev.reverie.gpu.network;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.network.BatchTrainer.Batch;
import dev.reverie.gpu.network.BatchTrainer.Sgd;
import dev.reverie.gpu.network.ParameterSet.Linear;
import dev.reverie.gpu.tensor.DeviceKernels;
import dev.reverie.gpu.tensor.KernelGraph;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A step of SGD of one network on batches of one size, which a device records, so that all of its kernels start with
 * one call. The host reads nothing between steps, so it prepares later batches while the device computes.
 */
final class RecordedStep implements AutoCloseable {

    private final ConvNet network;
    private final int samples;
    private final Sgd sgd;
    private final DeviceKernels kernels;
    private final ThreadWorkspace scratch;
    private final Tensor images;
    private final Tensor targets;
    private final Tensor ones;
    private final Tensor totals;
    private Optional<KernelGraph> graph = Optional.empty();

    /**
     * Sums over the steps of a training.
     *
     * @param loss sum of the mean losses of the steps, in nats
     * @param correct number of images that were classified correctly before the step on them
     */
    record Totals(double loss, double correct) {}

    /**
     * Allocates the batch.
     *
     * @param network its parameters keep their memory until the last run
     * @param samples number of images of each batch, as many as the device computes at once
     */
    RecordedStep(ConvNet network, int samples, Sgd sgd, DeviceKernels kernels) {
        this.network = network;
        this.samples = samples;
        this.sgd = sgd;
        this.kernels = kernels;
        this.scratch = new ThreadWorkspace(kernels);
        ImageShape shape = network.architecture().input();
        this.images = kernels.allocate(samples, shape.channels(), shape.height(), shape.width());
        this.targets = kernels.allocate(samples, network.architecture().classes());
        this.ones = kernels.allocate(samples, 1);
        this.totals = kernels.allocate(2);
        ones.fill(1);
        totals.fill(0);
    }

    /**
     * Starts the step on a batch and returns before the device has ended it. If the memory of the device does not
     * suffice, the network stays as it was.
     */
    void run(Batch batch) {
        images.setRows(batch.images().toArray(double[][]::new));
        targets.setRows(batch.targets().toArray(double[][]::new));
        if (graph.isPresent()) {
            graph.get().launch();
        } else {
            graph = Optional.of(kernels.record(this::startKernels));
        }
    }

    private void startKernels() {
        try (ThreadWorkspace.Scope temporary = scratch.scope()) {
            BlockPass blocks = network.forwardBlocks(images, scratch);
            ParameterSet gradient = gradient(blocks);
            List<Tensor> gradients = gradient.tensors();
            IntStream.range(0, gradients.size()).forEach(i -> network.descend(i, gradients.get(i), sgd));
            IntStream.range(0, network.architecture().depth()).forEach(network::renewAdjoint);
        }
    }

    /** Computes the gradient of the mean cross-entropy as kernels only, products with ones included. */
    private ParameterSet gradient(BlockPass blocks) {
        ParameterSet gradient = network.gradient(scratch);
        Linear classifier = network.classifier();
        int classes = network.architecture().classes();
        Tensor logits = scratch.take(samples, classes);
        kernels.multiply(blocks.features(), false, classifier.weight(), true, false, logits);
        kernels.multiply(ones, false, classifier.bias(), false, true, logits);
        Tensor dLogits = scratch.take(samples, classes);
        kernels.crossEntropy(logits, targets, 1.0 / samples, dLogits, totals);
        int depth = network.architecture().depth();
        blocks.backward(dLogits, gradient, new Tensor[depth], new Tensor[depth], scratch);
        kernels.multiply(
                ones,
                true,
                dLogits,
                false,
                false,
                gradient.classifier().orElseThrow().bias());
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
        graph.ifPresent(KernelGraph::close);
        List.of(images, targets, ones, totals).forEach(Tensor::close);
        scratch.close();
    }
}
