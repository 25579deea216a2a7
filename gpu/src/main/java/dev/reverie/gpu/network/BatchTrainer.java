package dev.reverie.gpu.network;

import dev.reverie.gpu.augment.AffineImageTransform;
import dev.reverie.gpu.augment.TrainingAugmentation;
import dev.reverie.gpu.augment.TrainingAugmentation.TrainingBatch;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Optimiser;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Trains and applies networks; the micro-batches of a batch run in parallel on compute threads.
 *
 * @param threads compute threads; their workspaces are reset after every call
 */
public record BatchTrainer(ComputeThreads threads) {

    /**
     * What the network made of a batch before the step on it.
     *
     * @param loss mean loss, in nats
     * @param accuracy share of the images whose most probable class is that of the target, in [0, 1]
     */
    public record Outcome(double loss, double accuracy) {}

    public Outcome step(Network network, TrainingBatch batch, Optimiser optimiser) {
        return step(network, batch.images()::get, TrainingTargets.of(batch.targets()), optimiser);
    }

    /**
     * Prepares batches in order, each by {@link #view}. While a GPU computes with a batch, the host prepares the next
     * one. What a preparation throws, the iterator throws when that batch is requested.
     */
    public Iterator<TrainingBatch> prepare(List<Supplier<TrainingBatch>> batches) {
        return threads.kernels().device().isPresent()
                ? new PrefetchedBatches(batches)
                : batches.stream().map(Supplier::get).iterator();
    }

    /**
     * Normalises, augments and mixes the images of a batch, which have values in [0, 1]; {@code images} is called from
     * several threads.
     */
    public TrainingBatch view(
            TrainingAugmentation views, IntFunction<double[]> images, double[][] targets, RandomGenerator random) {
        List<AffineImageTransform> maps = views.augmentation().drawEach(targets.length, random);
        List<double[]> augmented = prepared(
                targets.length, i -> views.normalise().then(maps.get(i)).apply(images.apply(i)));
        return views.cutMix().mix(new TrainingBatch(augmented, List.of(targets)), random);
    }

    /** Prepares images on the compute threads, or on all cores if a GPU computes the networks with few threads. */
    private List<double[]> prepared(int count, IntFunction<double[]> image) {
        return threads.kernels().device().isPresent()
                ? IntStream.range(0, count).parallel().mapToObj(image).toList()
                : threads.map(count, (i, workspace) -> image.apply(i));
    }

    /**
     * Performs one step on the mean loss of a batch of normalised images; {@code images} is called from several
     * threads.
     */
    public Outcome step(Network network, IntFunction<double[]> images, TrainingTargets targets, Optimiser optimiser) {
        List<Part> parts = parts(network, images, targets);
        descend(network, parts, optimiser);
        threads.reset();
        return outcome(parts, targets);
    }

    /** Overwrites {@code gradient} with that of the mean loss on which {@link #step} performs a step. */
    public Outcome gradient(
            Network network, IntFunction<double[]> images, TrainingTargets targets, ParameterSet gradient) {
        List<Part> parts = parts(network, images, targets);
        gradient.clear();
        parts.forEach(part -> gradient.add(1, part.gradient()));
        threads.reset();
        return outcome(parts, targets);
    }

    /** Computes the parts of the gradient and of the outcome; those of the gradient are valid until a reset. */
    private List<Part> parts(Network network, IntFunction<double[]> images, TrainingTargets targets) {
        double weight = 1.0 / targets.samples();
        return MicroBatch.map(targets.samples(), threads, (batch, scratch) -> {
            ParameterSet gradient = network.gradient(scratch);
            try (ThreadWorkspace.Scope temporary = scratch.scope()) {
                Tensor x = batch.load(network.architecture().input(), images, scratch);
                Activations activations = network.forward(x, scratch);
                TrainingTargets own = targets.part(batch);
                double[][] logits = activations.logits(scratch);
                activations.backward(own.gradient(logits, weight), gradient, scratch);
                return new Part(gradient, own.loss(logits), own.correct(logits));
            }
        });
    }

    private static Outcome outcome(List<Part> parts, TrainingTargets targets) {
        double weight = 1.0 / targets.samples();
        return new Outcome(
                weight * parts.stream().mapToDouble(Part::loss).sum(),
                weight * parts.stream().mapToInt(Part::correct).sum());
    }

    private record Part(ParameterSet gradient, double loss, int correct) {}

    /** Sums the gradients of the parts in order and performs the step, tensor by tensor. */
    private void descend(Network network, List<Part> parts, Optimiser optimiser) {
        List<List<Tensor>> gradients =
                parts.stream().map(part -> part.gradient().tensors()).toList();
        List<Tensor> sum = gradients.getFirst();
        threads.startEach(sum.size(), parameter -> {
            for (List<Tensor> gradient : gradients.subList(1, gradients.size())) {
                network.kernels().add(gradient.get(parameter), sum.get(parameter));
            }
            network.descend(parameter, sum.get(parameter), optimiser);
        });
        threads.startEach(network.architecture().convolutions().size(), network::renewAdjoint);
    }

    /** Computes the logits of any number of normalised images; {@code images} is called from several threads. */
    public List<double[]> logits(Network network, int count, IntFunction<double[]> images) {
        List<double[][]> parts = MicroBatch.map(count, threads, (batch, scratch) -> {
            try (ThreadWorkspace.Scope temporary = scratch.scope()) {
                return network.logits(batch.load(network.architecture().input(), images, scratch), scratch);
            }
        });
        threads.reset();
        List<double[]> rows = new ArrayList<>(count);
        parts.forEach(part -> rows.addAll(List.of(part)));
        return rows;
    }

    /**
     * Computes, for each normalised image, the norm of the gradient of its cross-entropy with respect to all
     * parameters; {@code images} is called from several threads.
     */
    public List<Double> gradientNorms(Network network, IntFunction<double[]> images, double[][] targets) {
        List<Double> norms = threads.map(targets.length, (index, scratch) -> {
            try (ThreadWorkspace.Scope temporary = scratch.scope()) {
                Tensor x = new MicroBatch(index, 1).load(network.architecture().input(), images, scratch);
                ParameterSet gradient = network.gradient(scratch);
                Activations activations = network.forward(x, scratch);
                double[][] byLogits =
                        TrainingTargets.of(List.of(targets[index])).gradient(activations.logits(scratch), 1);
                activations.backward(byLogits, gradient, scratch);
                return Math.sqrt(gradient.squaredNorm());
            }
        });
        threads.reset();
        return norms;
    }

    /**
     * Computes the embeddings of any number of images, {@code [count, features]}, which the caller owns; {@code images}
     * is called from several threads.
     */
    public Tensor embed(Network network, int count, IntFunction<double[]> images) {
        return embed(
                network,
                count,
                (batch, scratch) -> batch.load(network.architecture().input(), images, scratch));
    }

    /**
     * Computes the embeddings of raw images, which are neither normalised nor augmented, {@code [count, features]}. The
     * caller owns the result.
     */
    public Tensor embedRaw(Network network, List<Image> images) {
        return embed(
                network,
                images.size(),
                (batch, scratch) -> batch.loadRaw(network.architecture().input(), images::get, scratch));
    }

    private Tensor embed(Network network, int count, BiFunction<MicroBatch, ThreadWorkspace, Tensor> load) {
        int width = network.architecture().features();
        Tensor features = network.kernels().allocate(count, width);
        try {
            MicroBatch.map(count, threads, (batch, scratch) -> {
                try (ThreadWorkspace.Scope temporary = scratch.scope()) {
                    Tensor rows = network.embed(load.apply(batch, scratch), scratch);
                    rows.copyTo(features, (long) batch.start() * width);
                }
                return batch;
            });
        } catch (RuntimeException | Error failure) {
            features.close();
            throw failure;
        }
        threads.reset();
        return features;
    }

    /** Batches of which the next one is prepared on another thread, one at a time. */
    static final class PrefetchedBatches implements Iterator<TrainingBatch> {

        private final Iterator<Supplier<TrainingBatch>> rest;
        private Optional<CompletableFuture<TrainingBatch>> next;

        /** Begins to prepare the first batch. */
        PrefetchedBatches(List<Supplier<TrainingBatch>> batches) {
            this.rest = batches.iterator();
            this.next = begun();
        }

        private Optional<CompletableFuture<TrainingBatch>> begun() {
            return rest.hasNext() ? Optional.of(CompletableFuture.supplyAsync(rest.next())) : Optional.empty();
        }

        @Override
        public boolean hasNext() {
            return next.isPresent();
        }

        @Override
        public TrainingBatch next() {
            TrainingBatch prepared = result(next.orElseThrow());
            next = begun();
            return prepared;
        }

        private static TrainingBatch result(CompletableFuture<TrainingBatch> prepared) {
            try {
                return prepared.join();
            } catch (CompletionException failed) {
                if (failed.getCause() instanceof Error error) {
                    throw error;
                }
                throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
            }
        }
    }
}
