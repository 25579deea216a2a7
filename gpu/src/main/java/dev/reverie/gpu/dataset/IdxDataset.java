package dev.reverie.gpu.dataset;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A dataset published as four IDX files.
 *
 * @param normalisation the constants everybody uses for this dataset, so that results compare
 */
record IdxDataset(String name, ImageShape shape, List<String> classNames, Normalisation normalisation) {

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
            IntStream.range(0, 10).mapToObj(Integer::toString).toList(),
            new Normalisation(List.of(0.1307), List.of(0.3081)));

    static Stream<IdxDataset> all() {
        return Stream.of(FASHION_MNIST, MNIST);
    }

    /** Reads the four files of {@code directory}. */
    Dataset load(Path directory) {
        List<LabelledImage> train = split(directory, IdxFile.TRAIN_IMAGES, IdxFile.TRAIN_LABELS);
        requireEveryClass(train, directory);
        List<LabelledImage> test = split(directory, IdxFile.TEST_IMAGES, IdxFile.TEST_LABELS);
        return new Dataset(name, shape, classNames, normalisation, train, test);
    }

    private List<LabelledImage> split(Path directory, IdxFile imageFile, IdxFile labelFile) {
        Path imagePath = locate(imageFile, directory);
        Path labelPath = locate(labelFile, directory);
        List<Integer> labels = IdxReader.labels(labelPath, classNames.size());
        List<Image> images = IdxReader.images(imagePath, shape);
        if (images.size() != labels.size()) {
            throw new DatasetException(imagePath + " holds " + images.size() + " images but " + labelPath + " holds "
                    + labels.size() + " labels: they do not belong together");
        }
        List<LabelledImage> samples = new ArrayList<>(images.size());
        for (int i = 0; i < images.size(); i++) {
            samples.add(new LabelledImage(images.get(i), labels.get(i)));
        }
        return samples;
    }

    private Path locate(IdxFile file, Path directory) {
        return file.in(directory)
                .orElseThrow(() -> new DatasetException(file.fileName() + " (or .gz) of " + name + " is not in "
                        + directory + ": get it with 'reverie fetch " + name + fetchTarget(directory)
                        + "', or name the folder that holds it with --data"));
    }

    private String fetchTarget(Path directory) {
        return directory.equals(DataHome.standard().directoryOf(name)) ? "" : " --to " + directory;
    }

    private void requireEveryClass(List<LabelledImage> train, Path directory) {
        Set<Integer> present = new HashSet<>();
        train.forEach(sample -> present.add(sample.label()));
        IntStream.range(0, classNames.size())
                .filter(label -> !present.contains(label))
                .findFirst()
                .ifPresent(label -> {
                    throw new DatasetException("the training labels in " + directory + " name no image of class "
                            + classNames.get(label) + ": they are incomplete or of another dataset than " + name);
                });
    }
}
