package dev.reverie.client;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The classes of a memory by their index.
 *
 * @param names label of each class
 * @param numbers label value of each class, or its index if a label is not an integer
 */
record ClassLabels(Map<Integer, String> names, Map<Integer, Long> numbers) {

    /** Reads the arrays {@code class_index}, {@code class_names} and {@code label_values}. */
    static ClassLabels read(NpzReader file) throws NpzException {
        int[] indices = file.get("class_index").toIndices();
        List<String> labels = file.get("class_names").toTexts();
        Optional<NpyArray> values = file.find("label_values");
        long[] numbers = (values.isPresent() ? values.get() : file.get("class_index")).toLongs();
        if (labels.size() != indices.length || numbers.length != indices.length) {
            throw new NpzException("its classes, indices and label values differ in number");
        }
        Map<Integer, String> names = new LinkedHashMap<>();
        Map<Integer, Long> numberByIndex = new HashMap<>();
        for (int i = 0; i < indices.length; i++) {
            names.put(indices[i], labels.get(i));
            numberByIndex.put(indices[i], numbers[i]);
        }
        return new ClassLabels(names, numberByIndex);
    }

    String name(int index) {
        return names.getOrDefault(index, "");
    }

    long number(int index) {
        return numbers.getOrDefault(index, (long) index);
    }

    /** Returns the label for each number, in the order of the indices. */
    Map<Long, String> namesByNumber() {
        Map<Long, String> named = new LinkedHashMap<>();
        names.forEach((index, name) -> named.put(number(index), name));
        return named;
    }
}
