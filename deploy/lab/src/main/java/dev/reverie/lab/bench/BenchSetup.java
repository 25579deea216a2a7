package dev.reverie.lab.bench;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import dev.reverie.gpu.method.ScheduleSettingsBuilder;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.ConvNetArchitecture;
import dev.reverie.gpu.tensor.Kernels;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** The random images, the network and the published settings that the benchmarks share. */
record BenchSetup(ImageShape shape, int width) {

    static final int CLASSES = 10;

    /** Formats the setup, for example {@code 1x28x28, width 128}. */
    @Override
    public String toString() {
        return shape + ", width " + width;
    }

    /** Whether a method trains its networks after the inner loops. */
    static boolean trains(Method method) {
        return Presets.paper("fashion-mnist", new ImageShape(1, 28, 28), method, 1, 1, 0)
                        .schedule()
                        .networkSamples()
                > 0;
    }

    /** Returns random images; the same {@code count} always gives the same images. */
    List<Image> images(int count) {
        RandomGenerator random = Seeds.generator(count);
        return IntStream.range(0, count)
                .mapToObj(_ -> {
                    byte[] pixels = new byte[shape.size()];
                    random.nextBytes(pixels);
                    return Image.of(shape, pixels);
                })
                .toList();
    }

    /** Creates a network of the published depth with random weights; the caller closes it. */
    ConvNet network(Kernels kernels) {
        ConvNetArchitecture architecture = new ConvNetArchitecture(shape, CLASSES, width, Presets.depth(shape));
        return ConvNet.fresh(architecture, kernels, Seeds.generator(0));
    }

    /**
     * Returns the published settings of a method, for one inner loop.
     *
     * @param dataset the dataset whose published settings apply; an unknown dataset gets those of CIFAR
     * @param real number of images in a real batch and in a training step
     */
    DistillationSettings settings(String dataset, Method method, int ipc, int factor, int real) {
        DistillationSettings paper = Presets.paper(dataset, shape, method, ipc, factor, 0);
        return paper.withNetwork(paper.network().withWidth(width))
                .withRepresentatives(paper.representatives().withCount(real).withInterval(1))
                .withSchedule(ScheduleSettingsBuilder.builder()
                        .outerIterations(1)
                        .innerLoops(1)
                        .networkSamples(real)
                        .networkBatch(real)
                        .build());
    }
}
