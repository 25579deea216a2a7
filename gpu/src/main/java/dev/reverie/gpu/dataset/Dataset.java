package dev.reverie.gpu.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A labelled dataset; its name is that on the command line, for example {@code fashion-mnist}. */
public record Dataset(
        String name,
        ImageShape shape,
        List<String> classNames,
        Normalisation normalisation,
        List<LabelledImage> train,
        List<LabelledImage> test) {

    /** The beginning of the name of a folder of pictures; the path of the folder follows. */
    public static final String FOLDER = "folder:";

    public Dataset {
        classNames = List.copyOf(classNames);
        train = List.copyOf(train);
        test = List.copyOf(test);
    }

    /** Whether a name on the command line is that of a folder of pictures, not of a published dataset. */
    public static boolean namesFolder(String name) {
        return name.startsWith(FOLDER);
    }

    /** Whether this is a folder of pictures, not a published dataset. */
    public boolean isFolder() {
        return namesFolder(name);
    }

    public int classes() {
        return classNames.size();
    }

    /**
     * Returns the part of the dataset that belongs to the given classes, and numbers these classes in the given order.
     *
     * @param classIndices indices of the classes, without repetition
     */
    public Dataset of(List<Integer> classIndices) {
        return new Dataset(
                name,
                shape,
                classIndices.stream().map(classNames::get).toList(),
                normalisation,
                relabelled(train, classIndices),
                relabelled(test, classIndices));
    }

    private static List<LabelledImage> relabelled(List<LabelledImage> images, List<Integer> classIndices) {
        return images.stream()
                .filter(sample -> classIndices.contains(sample.label()))
                .map(sample -> new LabelledImage(sample.image(), classIndices.indexOf(sample.label())))
                .toList();
    }

    /** Groups the training images by class index, in dataset order. */
    public List<List<Image>> trainByClass() {
        List<List<Image>> byClass =
                Stream.generate(() -> new ArrayList<Image>()).limit(classes()).collect(Collectors.toList());
        train.forEach(sample -> byClass.get(sample.label()).add(sample.image()));
        return byClass.stream().map(List::copyOf).toList();
    }
}
