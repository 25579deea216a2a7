package dev.reverie.deploy.experiments.bench;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetFolders;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.published.Datasets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Images whose content matters to the time a benchmark takes: real ones where they are at hand. */
final class RealImages {

    private static final ImageShape FASHION_SHAPE = new ImageShape(1, 28, 28);

    private RealImages() {}

    /** Fashion-MNIST for its shape, if it was fetched. */
    static ImageOrigin origin(ImageShape shape) {
        boolean fetched = Files.isDirectory(DatasetFolders.standard().directoryOf(ImageOrigin.FASHION_MNIST.label()));
        return shape.equals(FASHION_SHAPE) && fetched ? ImageOrigin.FASHION_MNIST : ImageOrigin.GENERATED;
    }

    /** At most so many images of each class, by class. */
    static List<List<Image>> of(BenchSetup setup, ImageOrigin origin, int perClass) {
        return switch (origin) {
            case FASHION_MNIST -> {
                Dataset dataset = Datasets.load(origin.label(), Optional.empty());
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
