package dev.reverie.lab.bench;

import dev.reverie.gpu.Labelled;
import dev.reverie.gpu.dataset.DataHome;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.published.Datasets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The source of the images for a benchmark whose duration depends on image content. The label of each is the name for
 * titles and of the dataset.
 */
enum BenchImages implements Labelled {
    FASHION_MNIST,
    GENERATED;

    private static final ImageShape FASHION_SHAPE = new ImageShape(1, 28, 28);
    private static final int FASHION_PER_CLASS = 6_000;

    /** Returns Fashion-MNIST if it has been fetched and {@code shape} is its shape, otherwise generated images. */
    static BenchImages of(ImageShape shape) {
        String fashion = FASHION_MNIST.label();
        boolean fetched = Datasets.isIn(DataHome.standard().folderOf(fashion), fashion);
        return shape.equals(FASHION_SHAPE) && fetched ? FASHION_MNIST : GENERATED;
    }

    int available(int perClass) {
        return this == FASHION_MNIST ? Math.min(perClass, FASHION_PER_CLASS) : perClass;
    }

    /** Returns at most {@code perClass} images of each class, by class. */
    List<List<Image>> images(BenchSetup setup, int perClass) {
        return switch (this) {
            case FASHION_MNIST -> {
                Dataset dataset = Datasets.load(label(), Optional.empty());
                yield IntStream.range(0, BenchSetup.CLASSES)
                        .mapToObj(label -> dataset.train().stream()
                                .filter(sample -> sample.label() == label)
                                .limit(perClass)
                                .map(LabelledImage::image)
                                .toList())
                        .toList();
            }
            case GENERATED -> {
                List<Image> all = setup.images(BenchSetup.CLASSES * perClass);
                yield IntStream.range(0, BenchSetup.CLASSES)
                        .mapToObj(label -> all.subList(label * perClass, (label + 1) * perClass))
                        .toList();
            }
        };
    }
}
