package dev.reverie.gpu.dataset;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.IntStream;

/**
 * The classes of a distilled set, in ascending order of their indices. The indices can have gaps, because a service
 * never reuses the index of a forgotten class. The network output and the soft-label column of a class are its position
 * in this list. Immutable.
 *
 * @param indices class indices, at least 0, in strictly ascending order
 * @param names name of each class, in the same order; empty for a class without a name
 */
public record ClassList(List<Integer> indices, List<String> names) {

    public ClassList {
        indices = List.copyOf(indices);
        names = List.copyOf(names);
        if (indices.size() != names.size()) {
            throw new IllegalArgumentException(
                    "expected one index per class name, got " + indices.size() + " for " + names.size() + " names");
        }
        int previous = -1;
        for (int index : indices) {
            if (index <= previous) {
                throw new IllegalArgumentException(
                        "class indices must be at least 0 and in ascending order, got " + index + " after " + previous);
            }
            previous = index;
        }
    }

    /** Returns a list whose classes have the indices 0, 1, 2 and so on. */
    public static ClassList of(List<String> names) {
        return new ClassList(IntStream.range(0, names.size()).boxed().toList(), names);
    }

    public static ClassList of(SortedMap<Integer, String> namesByIndex) {
        return new ClassList(List.copyOf(namesByIndex.keySet()), List.copyOf(namesByIndex.values()));
    }

    public int size() {
        return indices.size();
    }

    public boolean contains(int index) {
        return search(index) >= 0;
    }

    /**
     * Checks the labels of a set.
     *
     * @throws IllegalArgumentException if a label is not the index of one of these classes
     */
    public void requireAll(List<Integer> labels) {
        for (int label : Set.copyOf(labels)) {
            if (!contains(label)) {
                throw new IllegalArgumentException("the label " + label + " is not the index of a class of the set");
            }
        }
    }

    public int positionOf(int index) {
        int position = search(index);
        if (position < 0) {
            throw new IllegalArgumentException("the class index " + index + " is not in the list of classes");
        }
        return position;
    }

    private int search(int index) {
        return Collections.binarySearch(indices, index);
    }

    public String nameOf(int index) {
        return names.get(positionOf(index));
    }

    /** Returns the index of the first class with this name. */
    public OptionalInt indexOf(String name) {
        int position = names.indexOf(name);
        return position < 0 ? OptionalInt.empty() : OptionalInt.of(indices.get(position));
    }

    /**
     * Returns the names as integers, in the same order, if every name is a 64-bit integer as
     * {@link Long#toString(long)} writes it; otherwise, or if there are no classes, returns empty.
     */
    public Optional<List<Long>> labelValues() {
        boolean integers = !names.isEmpty() && names.stream().allMatch(ClassList::isInteger);
        return integers ? Optional.of(names.stream().map(Long::valueOf).toList()) : Optional.empty();
    }

    private static boolean isInteger(String name) {
        try {
            return Long.toString(Long.parseLong(name)).equals(name); // 007 and +7 are other texts than 7
        } catch (NumberFormatException _) {
            return false;
        }
    }

    /** Returns the classes whose indices are below a limit. */
    public ClassList below(int limit) {
        int count = (int) indices.stream().filter(index -> index < limit).count();
        return new ClassList(indices.subList(0, count), names.subList(0, count));
    }
}
