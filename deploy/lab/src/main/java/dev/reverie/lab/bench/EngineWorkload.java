package dev.reverie.lab.bench;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.DistillationSettings.StyleWeights;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.network.BatchTrainer;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.select.KMeans;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** A short computation of the engine that a benchmark repeats. */
interface EngineWorkload extends BenchReport.Workload {

    /** Prepares the inputs; the preparation is not timed. */
    Prepared open(Kernels kernels, int threadCount);

    /**
     * A workload with its inputs.
     *
     * @param work runs the workload once, and returns a supplier of the result of that repeat, which is equal on all
     *     engines up to rounding; reading it is not timed
     * @param inputs frees the inputs
     */
    record Prepared(IntFunction<Supplier<double[]>> work, Runnable inputs) implements AutoCloseable {

        Supplier<double[]> repeat(int index) {
            return work.apply(index);
        }

        @Override
        public void close() {
            inputs.run();
        }
    }

    /**
     * One class step on random images: the quantities that the method matches, on the real batch and on the decoded
     * synthetic batch, their distance, and its derivative with respect to the synthetic images.
     *
     * @param method a method that matches real images class by class, without experts
     */
    record Step(ImageShape shape, int width, int ipc, int factor, int real, Method method, StyleWeights style)
            implements EngineWorkload {

        @Override
        public String title() {
            return "one class step at " + new BenchSetup(shape, width);
        }

        @Override
        public Prepared open(Kernels kernels, int threadCount) {
            BenchSetup setup = new BenchSetup(shape, width);
            DistillationSettings settings =
                    setup.settings("random", method, ipc, factor, real).withStyle(style);
            MatchingEngine engine =
                    MatchingEngine.on(kernels, threadCount, settings, shape, Normalisation.neutral(shape));
            List<Image> images = setup.images(real);
            ImageBatch synthetic = synthetic();
            return new Prepared(
                    index -> {
                        MatchTask task =
                                new MatchTask(new NetworkId(0, BenchSetup.CLASSES), 0, images, synthetic, index);
                        ImageBatch gradient = engine.match(task).gradient();
                        return () -> IntStream.range(0, gradient.count())
                                .mapToObj(gradient::values)
                                .flatMapToDouble(Arrays::stream)
                                .toArray();
                    },
                    engine::close);
        }

        private ImageBatch synthetic() {
            RandomGenerator random = Seeds.generator(ipc);
            float[] values = new float[ipc * shape.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextFloat();
            }
            return ImageBatch.of(shape, values);
        }
    }

    /** One training step of the matching network on random images, augmentation included. */
    record Train(ImageShape shape, int width, int batch) implements EngineWorkload {

        @Override
        public String title() {
            return "one training step of " + batch + " images at " + new BenchSetup(shape, width);
        }

        @Override
        public Prepared open(Kernels kernels, int threadCount) {
            BenchSetup setup = new BenchSetup(shape, width);
            DistillationSettings settings = setup.settings("random", Method.DREAM, 1, 1, batch);
            MatchingEngine engine =
                    MatchingEngine.on(kernels, threadCount, settings, shape, Normalisation.neutral(shape));
            List<Image> images = setup.images(batch);
            List<LabelledImage> labelled = IntStream.range(0, batch)
                    .mapToObj(i -> new LabelledImage(images.get(i), i % BenchSetup.CLASSES))
                    .toList();
            return new Prepared(
                    index -> {
                        NetworkId network = new NetworkId(0, BenchSetup.CLASSES);
                        double loss = engine.train(new TrainMatchingNetworkTask(network, List.of(labelled), index))
                                .loss();
                        return () -> new double[] {loss};
                    },
                    engine::close);
        }
    }

    /** The forward pass that computes the features of many random images. */
    record Embed(ImageShape shape, int width, int images) implements EngineWorkload {

        @Override
        public String title() {
            return "features of " + images + " images at " + new BenchSetup(shape, width);
        }

        @Override
        public Prepared open(Kernels kernels, int threadCount) {
            BenchSetup setup = new BenchSetup(shape, width);
            List<Image> candidates = setup.images(images);
            ConvNet network = setup.network(kernels);
            ComputeThreads threads = new ComputeThreads(kernels, threadCount);
            Tensor[] latest = {kernels.allocate(images, network.architecture().features())};
            return new Prepared(
                    _ -> {
                        latest[0].close();
                        latest[0] = new BatchTrainer(threads)
                                .embed(network, images, i -> candidates.get(i).values());
                        return () -> {
                            double[] values = new double[Math.toIntExact(latest[0].size())];
                            latest[0].read(0, values);
                            return values;
                        };
                    },
                    () -> {
                        latest[0].close();
                        threads.close();
                        network.close();
                    });
        }
    }

    /**
     * The k-means clustering that chooses the representatives of one class; computing the features is not timed.
     *
     * @param images number of images of the class, at most as many as {@code data} has
     */
    record Cluster(ImageShape shape, int width, int images, int representatives, BenchImages data)
            implements EngineWorkload {

        public Cluster {
            images = data.available(images);
        }

        @Override
        public String title() {
            return "choosing " + representatives + " of " + images + " images (" + data.label() + ") at "
                    + new BenchSetup(shape, width);
        }

        @Override
        public Prepared open(Kernels kernels, int threadCount) {
            BenchSetup setup = new BenchSetup(shape, width);
            List<Image> candidates = data.images(setup, images).getFirst();
            ComputeThreads threads = new ComputeThreads(kernels, threadCount);
            Tensor points;
            try (ConvNet network = setup.network(kernels)) {
                points = new BatchTrainer(threads).embed(network, candidates.size(), i -> candidates
                        .get(i)
                        .values());
            }
            return new Prepared(
                    index -> {
                        double inertia = KMeans.cluster(points, representatives, 1, threads, index)
                                .inertia();
                        return () -> new double[] {inertia};
                    },
                    () -> {
                        threads.close();
                        points.close();
                    });
        }
    }
}
