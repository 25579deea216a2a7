package dev.reverie.deploy.experiments.bench;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.method.DistillationSettings;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The parameters of a benchmark of a whole inner loop over ten classes with the published settings, through the actors
 * and the stream: a class step of every class, the training steps of the network, and the choice of representatives
 * once per interval.
 *
 * @param shape of the images
 * @param width of the network
 * @param ipc stored synthetic images per class
 * @param factor multi-formation factor
 * @param real representatives per class, and images in a training step
 * @param images maximum number of real images per class
 * @param samples real images that the network is trained on after an inner loop
 * @param interval inner loops between two choices of representatives
 * @param data the source of the images
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
        ImageSource data)
        implements BenchWorkload {

    private static final int WARM_UP_LOOPS = 3;

    /** Uses Fashion-MNIST if it has been fetched and has this shape. */
    public LoopBench(
            ImageShape shape, int width, int ipc, int factor, int real, int images, int samples, int interval) {
        this(shape, width, ipc, factor, real, images, samples, interval, ImageSource.of(shape));
    }

    @Override
    public String title() {
        return "one inner loop over " + BenchSetup.CLASSES + " classes of " + data.label() + " at "
                + new BenchSetup(shape, width);
    }

    /** Returns a short run for warm-up, which executes all the code that is slow at first. */
    LoopBench warmUp() {
        int fewer = Math.min(images, Math.max(2 * real, ipc * factor * factor));
        return new LoopBench(shape, width, ipc, factor, real, fewer, samples, WARM_UP_LOOPS, data);
    }

    /**
     * Returns the settings of a run.
     *
     * @param intervals number of intervals, each with a fresh network
     */
    DistillationSettings settings(int intervals) {
        return new BenchSetup(shape, width).settings("fashion-mnist", ipc, factor, real, interval, samples, intervals);
    }

    /** Loads or generates the images to distil. */
    Dataset dataset() {
        BenchSetup setup = new BenchSetup(shape, width);
        List<List<Image>> byClass = data.images(setup, images);
        List<LabelledImage> train = IntStream.range(0, byClass.size())
                .boxed()
                .flatMap(label -> byClass.get(label).stream().map(image -> new LabelledImage(image, label)))
                .toList();
        List<String> names =
                IntStream.range(0, byClass.size()).mapToObj(Integer::toString).toList();
        return new Dataset(data.label(), shape, names, setup.normalisation(), train, List.of());
    }
}
