package dev.reverie.deploy.replay;

import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.select.RandomSelection;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The order in which the classes of a dataset appear in a stream.
 *
 * @param turns indices of the classes one after another; empty: all classes, shuffled
 */
public record ClassOrder(Optional<List<Integer>> turns) {

    /** Shuffles all classes evenly. */
    public static final ClassOrder SHUFFLED = new ClassOrder(Optional.empty());

    public ClassOrder {
        turns = turns.map(List::copyOf);
    }

    /** Creates an order of only the given classes, one after another. */
    public static ClassOrder of(List<Integer> classes) {
        return new ClassOrder(Optional.of(classes));
    }

    /**
     * Reads {@code shuffled}, {@code sequential}, or a list of classes with commas: names, or indices from 0.
     *
     * @throws InputException naming an unknown or repeated class
     */
    public static ClassOrder parse(String text, Dataset dataset) {
        return switch (text) {
            case "shuffled" -> SHUFFLED;
            case "sequential" ->
                of(IntStream.range(0, dataset.classes()).boxed().toList());
            default -> {
                List<Integer> classes = Arrays.stream(text.split(",", -1))
                        .map(name -> index(name.strip(), dataset))
                        .toList();
                if (classes.stream().distinct().count() < classes.size()) {
                    throw new InputException("--class-order names a class twice (" + text + "): name each class once");
                }
                yield of(classes);
            }
        };
    }

    /** Prefers a name to an index, for datasets whose class names are numbers. */
    private static int index(String name, Dataset dataset) {
        int named = dataset.classNames().indexOf(name);
        if (named >= 0) {
            return named;
        }
        return IntStream.range(0, dataset.classes())
                .filter(index -> Integer.toString(index).equals(name))
                .findFirst()
                .orElseThrow(() -> new InputException("--class-order is shuffled, sequential or a list of classes; '"
                        + name + "' is not one of " + String.join(", ", dataset.classNames())));
    }

    /**
     * Returns the training images in the order of the stream, as indices into {@link Dataset#train()}.
     *
     * @param limit maximum number of images per class
     * @param seed of the order, and of the choice within the limit
     */
    public List<Integer> stream(Dataset dataset, int limit, long seed) {
        List<LabelledImage> images = dataset.train();
        int[] taken = new int[dataset.classes()];
        List<Integer> mixed = RandomSelection.of(images.size(), images.size(), seed).stream()
                .filter(place -> appears(images.get(place).label()))
                .filter(place -> taken[images.get(place).label()]++ < limit)
                .toList();
        return turns.map(classes -> mixed.stream()
                        .sorted(Comparator.comparingInt(
                                place -> classes.indexOf(images.get(place).label())))
                        .toList())
                .orElse(mixed);
    }

    private boolean appears(int label) {
        return turns.map(classes -> classes.contains(label)).orElse(true);
    }
}
