package dev.reverie.deploy.replay;

import dev.reverie.actors.registry.Labels;
import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.select.RandomSelection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The order in which the classes of a dataset appear in a stream.
 *
 * @param turns class indices in the order of the stream; empty to mix the images of all classes
 */
public record ClassOrder(Optional<List<Integer>> turns) {

    /** Mixes the images of all classes in a random order. */
    public static final ClassOrder SHUFFLED = new ClassOrder(Optional.empty());

    private static final int ABSENT = -1;

    public ClassOrder {
        turns = turns.map(List::copyOf);
    }

    /** Creates an order that contains only the given classes, one after another. */
    public static ClassOrder of(List<Integer> classes) {
        return new ClassOrder(Optional.of(classes));
    }

    /**
     * Reads {@code shuffled}, {@code sequential}, or a comma-separated list of class names or of class indices from 0.
     *
     * @throws InputException if a class is unknown or repeated
     */
    public static ClassOrder parse(String text, List<String> classNames) {
        return switch (text) {
            case "shuffled" -> SHUFFLED;
            case "sequential" ->
                of(IntStream.range(0, classNames.size()).boxed().toList());
            default -> {
                List<String> names = classNames.stream().map(Labels::normal).toList();
                List<Integer> classes = Labels.list(text).stream()
                        .map(name -> index(name, names))
                        .toList();
                if (classes.stream().distinct().count() < classes.size()) {
                    throw new InputException("--class-order names a class twice (" + text + "): name each class once");
                }
                yield of(classes);
            }
        };
    }

    /** Looks for a name before an index, because the class names of some datasets are numbers. */
    private static int index(String name, List<String> classNames) {
        int named = classNames.indexOf(name);
        if (named >= 0) {
            return named;
        }
        return IntStream.range(0, classNames.size())
                .filter(index -> Integer.toString(index).equals(name))
                .findFirst()
                .orElseThrow(() -> new InputException("--class-order is shuffled, sequential or a list of classes; '"
                        + name + "' is not one of " + String.join(", ", classNames)));
    }

    /**
     * Returns the training images in the order of the stream, as indices into {@link ReplaySource#classes()}.
     *
     * @param limit maximum number of images per class
     * @param seed seed of the random order, and of the choice of images if {@code limit} excludes some
     */
    public List<Integer> stream(ReplaySource source, int limit, long seed) {
        List<Integer> labels = source.classes();
        int[] turn = turnOfEach(source.classNames().size());
        int[] taken = new int[turn.length];
        List<Integer> chosen = new ArrayList<>();
        for (int place : RandomSelection.of(labels.size(), labels.size(), seed)) {
            int label = labels.get(place);
            if (turn[label] != ABSENT && taken[label] < limit) {
                taken[label]++;
                chosen.add(place);
            }
        }
        chosen.sort(Comparator.comparingInt(place -> turn[labels.get(place)]));
        return List.copyOf(chosen);
    }

    /** Returns the turn of each class, or {@link #ABSENT}; mixed classes have the same turn. */
    private int[] turnOfEach(int classes) {
        int[] turn = new int[classes];
        turns.ifPresent(order -> {
            Arrays.fill(turn, ABSENT);
            IntStream.range(0, order.size()).forEach(place -> turn[order.get(place)] = place);
        });
        return turn;
    }
}
