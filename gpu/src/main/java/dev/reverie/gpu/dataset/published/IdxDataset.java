package dev.reverie.gpu.dataset.published;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.Normalisation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A dataset published as four IDX files.
 *
 * @param normalisation the mean and standard deviation commonly used for this dataset, so that results are comparable
 */
record IdxDataset(String name, ImageShape shape, List<String> classNames, Normalisation normalisation)
        implements PublishedDataset {

    static final IdxDataset FASHION_MNIST = new IdxDataset(
            "fashion-mnist",
            new ImageShape(1, 28, 28),
            List.of(
                    "T-shirt/top",
                    "Trouser",
                    "Pullover",
                    "Dress",
                    "Coat",
                    "Sandal",
                    "Shirt",
                    "Sneaker",
                    "Bag",
                    "Ankle boot"),
            new Normalisation(List.of(0.2861), List.of(0.3530)));

    static final IdxDataset MNIST = new IdxDataset(
            "mnist",
            new ImageShape(1, 28, 28),
            PublishedDataset.digits(),
            new Normalisation(List.of(0.1307), List.of(0.3081)));

    @Override
    public boolean isIn(Path directory) {
        return Stream.of(MnistFile.values()).allMatch(file -> file.in(directory).isPresent());
    }

    @Override
    public Dataset load(Path directory) {
        List<LabelledImage> train = split(directory, MnistFile.TRAIN_IMAGES, MnistFile.TRAIN_LABELS);
        List<LabelledImage> test = split(directory, MnistFile.TEST_IMAGES, MnistFile.TEST_LABELS);
        return new Dataset(name, shape, classNames, normalisation, train, test);
    }

    private List<LabelledImage> split(Path directory, MnistFile imageFile, MnistFile labelFile) {
        Path imagePath = locate(imageFile, directory);
        Path labelPath = locate(labelFile, directory);
        List<Integer> labels = IdxReader.labels(labelPath, classNames.size());
        List<Image> images = IdxReader.images(imagePath, shape);
        if (images.size() != labels.size()) {
            throw new DatasetException(
                    imagePath + " contains " + images.size() + " images but " + labelPath + " contains " + labels.size()
                            + " labels, so they do not belong together" + DatasetException.FETCH_AGAIN);
        }
        List<LabelledImage> samples = new ArrayList<>(images.size());
        for (int i = 0; i < images.size(); i++) {
            samples.add(new LabelledImage(images.get(i), labels.get(i)));
        }
        return samples;
    }

    private Path locate(MnistFile file, Path directory) {
        return file.in(directory).orElseThrow(() -> missing(file.fileName() + " (or .gz)", directory));
    }
}
