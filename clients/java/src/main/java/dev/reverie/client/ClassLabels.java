package dev.reverie.client;

import dev.reverie.npz.NpyArray;
import dev.reverie.npz.NpzArchive;
import dev.reverie.npz.NpzException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The classes of a memory by their index.
 *
 * @param labels label of each class, in the order of the indices
 * @param numbers label value of each class, or its index if a label is not an integer
 */
record ClassLabels(Map<Integer, String> labels, Map<Integer, Long> numbers) {

    ClassLabels {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels)); // Map.copyOf would lose the order
        numbers = Map.copyOf(numbers);
    }

    /** Reads the arrays {@code class_index}, {@code class_names} and {@code label_values}. */
    static ClassLabels read(NpzArchive file) throws IOException {
        int[] indices = indices(file, "class_index");
        List<String> labels = file.get("class_names", NpyArray::toTexts);
        long[] numbers = file.find("label_values", NpyArray::toLongs)
                .orElseGet(() -> Arrays.stream(indices).asLongStream().toArray());
        if (labels.size() != indices.length || numbers.length != indices.length) {
            throw new NpzException("its classes, names and label values differ in number");
        }
        if (Arrays.stream(indices).distinct().count() != indices.length) {
            throw new NpzException("two of its classes have the same index");
        }
        if (Arrays.stream(numbers).distinct().count() != numbers.length) {
            throw new NpzException("two of its classes have the same label value");
        }
        Map<Integer, String> labelByIndex = new LinkedHashMap<>();
        Map<Integer, Long> numberByIndex = new HashMap<>();
        for (int i = 0; i < indices.length; i++) {
            labelByIndex.put(indices[i], labels.get(i));
            numberByIndex.put(indices[i], numbers[i]);
        }
        return new ClassLabels(labelByIndex, numberByIndex);
    }

    /** Reads an array of class indices. */
    static int[] indices(NpzArchive file, String array) throws IOException {
        return file.get(array, found -> found.toIntegers(0, Integer.MAX_VALUE)).stream()
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Returns the label of a class of this memory. */
    String label(int index) {
        return Objects.requireNonNull(labels.get(index));
    }

    /** Returns the number of a class of this memory. */
    long number(int index) {
        return Objects.requireNonNull(numbers.get(index));
    }

    /** Returns the label for each number, in the order of the indices. */
    Map<Long, String> labelsByNumber() {
        Map<Long, String> labelled = new LinkedHashMap<>();
        labels.forEach((index, label) -> labelled.put(number(index), label));
        return labelled;
    }
}
