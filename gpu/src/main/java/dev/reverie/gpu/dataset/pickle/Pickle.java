package dev.reverie.gpu.dataset.pickle;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A pickled dictionary of lists and tables. Nothing in the file is executed. Memory grows with the actual data, up to
 * half a gigabyte, and not with declared sizes.
 */
public final class Pickle {

    private final PickleValue.Dictionary dictionary;

    private Pickle(PickleValue.Dictionary dictionary) {
        this.dictionary = dictionary;
    }

    /**
     * Reads a whole file; does not close it.
     *
     * @throws PickleException if it is no pickle, is truncated or damaged, holds no dictionary at its top, or anything
     *     else than dictionaries, lists, texts, whole numbers and NumPy arrays of bytes
     * @throws IOException if {@code file} throws it
     */
    public static Pickle read(InputStream file) throws IOException, PickleException {
        PickleInput in = new PickleInput(new BufferedInputStream(file, 1 << 16));
        PickleValue top = new Unpickler(in).read();
        if (in.next() >= 0) {
            throw PickleException.damaged("there is more data after its end");
        }
        if (!(top instanceof PickleValue.Dictionary dictionary)) {
            throw new PickleException("is a pickle of " + top.kind() + ", want a dictionary");
        }
        return new Pickle(dictionary);
    }

    /** Whether there is something under {@code key}. */
    public boolean has(String key) {
        return dictionary.entries().containsKey(key);
    }

    /**
     * The whole numbers in the list under {@code key}.
     *
     * @throws PickleException if there is no such list
     */
    public List<Integer> numbers(String key) throws PickleException {
        List<Integer> numbers = new ArrayList<>();
        for (PickleValue item : list(key)) {
            if (!(item instanceof PickleValue.Whole(long number)) || number != (int) number) {
                throw new PickleException("is a pickle whose list '" + key + "' holds other things than numbers");
            }
            numbers.add((int) number);
        }
        return numbers;
    }

    /**
     * The texts in the list under {@code key}.
     *
     * @throws PickleException if there is no such list
     */
    public List<String> texts(String key) throws PickleException {
        List<String> texts = new ArrayList<>();
        for (PickleValue item : list(key)) {
            texts.add(item.text()
                    .orElseThrow(() ->
                            new PickleException("is a pickle whose list '" + key + "' holds other things than texts")));
        }
        return texts;
    }

    /**
     * The array under {@code key}.
     *
     * @throws PickleException if there is no array, or it got no content
     */
    public PickledArray table(String key) throws PickleException {
        if (!(entry(key) instanceof PickleValue.Array array)) {
            throw new PickleException(
                    "is a pickle that holds " + entry(key).kind() + " as '" + key + "', want an array");
        }
        return array.table().orElseThrow(() -> PickleException.damaged("the array '" + key + "' has no content"));
    }

    private List<PickleValue> list(String key) throws PickleException {
        if (!(entry(key) instanceof PickleValue.Sequence list)) {
            throw new PickleException("is a pickle that holds " + entry(key).kind() + " as '" + key + "', want a list");
        }
        return list.items();
    }

    private PickleValue entry(String key) throws PickleException {
        return Optional.ofNullable(dictionary.entries().get(key))
                .orElseThrow(() -> new PickleException("is a pickle without '" + key + "'"));
    }
}
