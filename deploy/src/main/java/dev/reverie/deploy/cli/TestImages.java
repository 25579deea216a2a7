package dev.reverie.deploy.cli;

import dev.reverie.actors.registry.Labels;
import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.text.Plural;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.LabelledImage;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The real images of a dataset, labelled with the positions of their classes in a distilled set. A service numbers
 * classes in the order of their arrival, and its memory may lack some classes of the dataset.
 *
 * @param images test images of the classes that the set contains
 * @param training training images of the classes that the set contains
 * @param classes number of the dataset's classes that the set contains
 */
public record TestImages(List<LabelledImage> images, List<LabelledImage> training, int classes) {

    /** The forms in which class names are compared, from exact to lax. */
    private static final List<UnaryOperator<String>> FORMS =
            List.of(UnaryOperator.identity(), Labels::normal, TestImages::lettersAndDigits);

    public TestImages {
        images = List.copyOf(images);
        training = List.copyOf(training);
    }

    /**
     * Matches classes by name: as it is, in the normal form that a service gives it, or by its letters and digits
     * alone, because the class {@code T-shirt/top} can also be called {@code T-shirt-top} in a set. If the set has no
     * class names, or has as many classes as the dataset but none of its names, the classes are matched by index.
     *
     * @throws InputException if the set has a class that the dataset lacks, or if the dataset has no test images of the
     *     classes in the set
     */
    static TestImages of(Dataset dataset, DistilledSet set) {
        List<String> held = set.classes().names();
        List<String> foreign = held;
        for (UnaryOperator<String> form : FORMS) {
            List<String> wanted = dataset.classNames().stream().map(form).toList();
            List<String> labels = held.stream().map(form).toList();
            if (!areDistinct(wanted) || !areDistinct(labels)) {
                break;
            }
            foreign = held.stream()
                    .filter(name -> !name.isEmpty() && !wanted.contains(form.apply(name)))
                    .toList();
            if (foreign.isEmpty() && labels.stream().anyMatch(name -> !name.isEmpty())) {
                return renumbered(dataset, wanted.stream().mapToInt(labels::indexOf));
            }
        }
        boolean isUnnamed = held.stream().allMatch(String::isEmpty);
        if (isUnnamed || (foreign.size() == dataset.classes() && held.size() == dataset.classes())) {
            return byIndex(dataset, held.size());
        }
        throw new InputException("the set contains the class '" + foreign.getFirst() + "', which " + dataset.name()
                + " does not have: name the --dataset that the set was distilled from");
    }

    /** Whether names can stand for classes; the empty name stands for a class without one. */
    private static boolean areDistinct(List<String> names) {
        return names.stream().filter(name -> !name.isEmpty()).allMatch(new HashSet<>()::add);
    }

    private static String lettersAndDigits(String name) {
        return name.replaceAll("[^\\p{L}\\p{M}\\p{N}]+", " ");
    }

    /**
     * Checks that networks can be tested on every class.
     *
     * @throws InputException if the dataset has no test images of a class
     */
    public static void requireOfEachClass(Dataset dataset) {
        Set<Integer> tested = dataset.test().stream().map(LabelledImage::label).collect(Collectors.toSet());
        for (int label = 0; label < dataset.classes(); label++) {
            if (!tested.contains(label)) {
                throw new InputException(dataset.name() + " has no test images of the class '"
                        + dataset.classNames().get(label)
                        + "': add some to its test folder, or leave the class out with --classes");
            }
        }
    }

    private static TestImages byIndex(Dataset dataset, int classes) {
        if (classes > dataset.classes()) {
            throw new InputException("the set has " + Plural.of(classes, "class", "classes") + ", but " + dataset.name()
                    + " has only " + dataset.classes() + ": name the --dataset that the set was distilled from");
        }
        return renumbered(dataset, IntStream.range(0, dataset.classes()).map(label -> label < classes ? label : -1));
    }

    /**
     * Keeps the images of some classes.
     *
     * @param labels position in the set of each class of the dataset, or -1 to leave the class out
     */
    private static TestImages renumbered(Dataset dataset, IntStream labels) {
        int[] indices = labels.toArray();
        List<LabelledImage> images = renumbered(dataset.test(), indices);
        if (images.isEmpty()) {
            throw new InputException(
                    dataset.name() + " has no test images of the classes in the set: name the --dataset that the set"
                            + " was distilled from");
        }
        return new TestImages(images, renumbered(dataset.train(), indices), (int)
                IntStream.of(indices).filter(index -> index >= 0).count());
    }

    private static List<LabelledImage> renumbered(List<LabelledImage> images, int... indices) {
        return images.stream()
                .filter(sample -> indices[sample.label()] >= 0)
                .map(sample -> new LabelledImage(sample.image(), indices[sample.label()]))
                .toList();
    }
}
