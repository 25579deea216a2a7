package dev.reverie.lab.bench;

import dev.reverie.actors.run.DistillationRequest;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.streams.Distillation;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * The parameters of a benchmark that times complete inner loops over ten classes. The loops execute on the same actors
 * and stream that a real run uses. An inner loop consists of one class step for each class and the training steps of
 * the network; representatives are chosen once per interval. All other settings are the published ones.
 *
 * @param real number of representatives per class; also the number of images per training step
 * @param images maximum number of real images per class
 * @param samples number of real images on which the network is trained after an inner loop
 * @param interval number of inner loops between two refreshes of the representatives
 */
record LoopBench(
        ImageShape shape,
        int width,
        Method method,
        int ipc,
        int factor,
        int real,
        int images,
        int samples,
        int interval,
        BenchImages data)
        implements BenchReport.Workload {

    private static final int WARM_UP_LOOPS = 3;

    @Override
    public String title() {
        return "one inner loop of " + method.label() + " over " + BenchSetup.CLASSES + " classes of " + data.label()
                + " at " + new BenchSetup(shape, width);
    }

    /** Returns a shorter benchmark for warm-up, which executes all code that is slow the first time. */
    LoopBench warmUp() {
        int fewer = Math.min(images, Math.max(2 * real, ipc * factor * factor));
        return new LoopBench(shape, width, method, ipc, factor, real, fewer, samples, WARM_UP_LOOPS, data);
    }

    private DistillationSettings settings(int intervals) {
        DistillationSettings once = new BenchSetup(shape, width).settings("fashion-mnist", method, ipc, factor, real);
        return once.withRepresentatives(once.representatives().withInterval(interval))
                .withSchedule(once.schedule()
                        .withOuterIterations(intervals)
                        .withInnerLoops(interval)
                        .withNetworkSamples(samples));
    }

    Dataset dataset() {
        BenchSetup setup = new BenchSetup(shape, width);
        List<List<Image>> byClass = data.images(setup, images);
        List<LabelledImage> train = IntStream.range(0, byClass.size())
                .boxed()
                .flatMap(label -> byClass.get(label).stream().map(image -> new LabelledImage(image, label)))
                .toList();
        List<String> names =
                IntStream.range(0, byClass.size()).mapToObj(Integer::toString).toList();
        return new Dataset(data.label(), shape, names, Normalisation.neutral(shape), train, List.of());
    }

    void run(
            Dataset dataset,
            int intervals,
            Kernels kernels,
            UnaryOperator<DistillationEngine> decorator,
            List<TelemetryListener> listeners,
            InstantSource clock) {
        DistillationSettings settings = settings(intervals);
        try (Distillation run = Distillation.start(
                DistillationRequest.of(dataset, settings),
                () -> decorator.apply(MatchingEngine.on(
                        kernels, Device.threads(), settings, dataset.shape(), dataset.normalisation())),
                listeners,
                clock)) {
            run.result().toCompletableFuture().join();
        }
    }
}
