package dev.reverie.gpu.dataset.pickle;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A pickled dictionary of lists and arrays. No code in the file is executed. Memory use grows with the actual data, not
 * with declared sizes. A pickle may contain up to 512 MiB of strings and arrays.
 */
public final class PickledDictionary {

    private final PickleValue.Dictionary dictionary;

    private PickledDictionary(PickleValue.Dictionary dictionary) {
        this.dictionary = dictionary;
    }

    /**
     * Reads a whole file without closing it.
     *
     * @throws PickleException if the file is not a pickle of a dictionary, is truncated or damaged, or contains
     *     anything other than dictionaries, lists, strings, integers and NumPy arrays of bytes
     * @throws IOException if {@code file} throws it
     */
    public static PickledDictionary read(InputStream file) throws IOException, PickleException {
        PickleInput in = new PickleInput(new BufferedInputStream(file, 1 << 16));
        PickleValue top = new Unpickler(in).read();
        if (in.next() >= 0) {
            throw PickleException.damaged("there is more data after its end");
        }
        if (!(top instanceof PickleValue.Dictionary dictionary)) {
            throw new PickleException("is a pickle of " + top.kind() + " instead of a dictionary");
        }
        return new PickledDictionary(dictionary);
    }

    /** Whether the dictionary has an entry {@code key}. */
    public boolean has(String key) {
        return dictionary.entries().containsKey(key);
    }

    /**
     * Returns the integers in the list {@code key}.
     *
     * @throws PickleException if the entry is missing, or is not a list of integers
     */
    public List<Integer> numbers(String key) throws PickleException {
        List<Integer> numbers = new ArrayList<>();
        for (PickleValue item : list(key)) {
            if (!(item instanceof PickleValue.Whole(long number)) || number != (int) number) {
                throw new PickleException("is a pickle whose list '" + key + "' has items that are not integers");
            }
            numbers.add((int) number);
        }
        return numbers;
    }

    /**
     * Returns the strings in the list {@code key}.
     *
     * @throws PickleException if the entry is missing, or is not a list of strings
     */
    public List<String> texts(String key) throws PickleException {
        List<String> texts = new ArrayList<>();
        for (PickleValue item : list(key)) {
            texts.add(item.text()
                    .orElseThrow(() -> new PickleException(
                            "is a pickle whose list '" + key + "' has items that are not strings")));
        }
        return texts;
    }

    /**
     * Returns the array {@code key}.
     *
     * @throws PickleException if the entry is missing, is not an array, or has no content
     */
    public PickledArray array(String key) throws PickleException {
        if (!(entry(key) instanceof PickleValue.Array array)) {
            throw new PickleException(
                    "is a pickle with " + entry(key).kind() + " as '" + key + "' instead of an array");
        }
        return array.content().orElseThrow(() -> PickleException.damaged("the array '" + key + "' has no content"));
    }

    private List<PickleValue> list(String key) throws PickleException {
        if (!(entry(key) instanceof PickleValue.Sequence list)) {
            throw new PickleException("is a pickle with " + entry(key).kind() + " as '" + key + "' instead of a list");
        }
        return list.items();
    }

    private PickleValue entry(String key) throws PickleException {
        return Optional.ofNullable(dictionary.entries().get(key))
                .orElseThrow(() -> new PickleException("is a pickle without '" + key + "'"));
    }
}
