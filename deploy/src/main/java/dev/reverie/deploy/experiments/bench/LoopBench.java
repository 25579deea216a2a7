package dev.reverie.deploy.experiments.bench;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.method.DistillationSettings;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A whole inner loop of ten classes with the published settings, through the actors and the stream: a step of every
 * class, the network's training steps, and the loop's share in the choice of representatives, which happens once an
 * interval.
 *
 * @param shape of the images
 * @param width of the network
 * @param ipc stored synthetic images of a class
 * @param factor multi-formation factor
 * @param real representatives of a class, and images in a training step
 * @param images real images of a class, at most
 * @param samples real images the network is trained on after a loop
 * @param interval loops between two choices of representatives
 * @param data where the images are from
 */
public record LoopBench(
        ImageShape shape,
        int width,
        int ipc,
        int factor,
        int real,
        int images,
        int samples,
        int interval,
        ImageOrigin data)
        implements BenchCase {

    private static final int WARM_UP_LOOPS = 3;

    /** On Fashion-MNIST where it is at hand. */
    public LoopBench(
            ImageShape shape, int width, int ipc, int factor, int real, int images, int samples, int interval) {
        this(shape, width, ipc, factor, real, images, samples, interval, RealImages.origin(shape));
    }

    @Override
    public String title() {
        return "one inner loop over " + BenchSetup.CLASSES + " classes of " + data.label() + " at "
                + new BenchSetup(shape, width);
    }

    /** The same in small, for warming up: what is slow on its first time is all in there. */
    LoopBench inSmall() {
        int fewer = Math.min(images, Math.max(2 * real, ipc * factor * factor));
        return new LoopBench(shape, width, ipc, factor, real, fewer, samples, WARM_UP_LOOPS, data);
    }

    /**
     * Settings of the run.
     *
     * @param intervals how many, each with a fresh network
     */
    DistillationSettings settings(int intervals) {
        return new BenchSetup(shape, width).settings("fashion-mnist", ipc, factor, real, interval, samples, intervals);
    }

    Dataset dataset() {
        BenchSetup setup = new BenchSetup(shape, width);
        List<List<Image>> byClass = RealImages.of(setup, data, images);
        List<LabelledImage> train = IntStream.range(0, byClass.size())
                .boxed()
                .flatMap(label -> byClass.get(label).stream().map(image -> new LabelledImage(image, label)))
                .toList();
        List<String> names =
                IntStream.range(0, byClass.size()).mapToObj(Integer::toString).toList();
        return new Dataset(data.label(), shape, names, setup.normalisation(), train, List.of());
    }
}
