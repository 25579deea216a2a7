package dev.reverie.gpu.dataset;

import java.util.List;

/**
 * A labelled dataset with its split into training and test images.
 *
 * @param name as on the command line, for example {@code fashion-mnist}
 * @param shape shared by all images
 * @param classNames by class index
 */
public record Dataset(
        String name,
        ImageShape shape,
        List<String> classNames,
        Normalisation normalisation,
        List<LabelledImage> train,
        List<LabelledImage> test) {

    public Dataset {
        classNames = List.copyOf(classNames);
        train = List.copyOf(train);
        test = List.copyOf(test);
    }

    /** Number of classes. */
    public int classes() {
        return classNames.size();
    }

    /** The training images of one class, in dataset order. */
    public List<Image> trainOfClass(int label) {
        return train.stream()
                .filter(sample -> sample.label() == label)
                .map(LabelledImage::image)
                .toList();
    }
}
