package dev.reverie.gpu.dataset.folder;

import dev.reverie.gpu.dataset.DatasetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Counts what of a folder of pictures is left out, and names the first of each kind. Thread safe. */
public final class LeftOut {

    private static final int MAX_NAMED = 20;

    private final boolean strict;
    private final List<String> first = new ArrayList<>();
    private int files;
    private int pictures;
    private int classes;

    /** Creates an empty count; if it is strict, it throws a {@link DatasetException} where anything would be added. */
    public LeftOut(boolean strict) {
        this.strict = strict;
    }

    /**
     * All that was left out so far.
     *
     * @param files number of files that are no pictures by their names
     * @param pictures number of pictures that cannot be read, or have no class
     * @param classes number of classes without images to train with
     * @param first a sentence for each of the first 20 of each kind
     */
    public record Summary(int files, int pictures, int classes, List<String> first) {

        public Summary {
            first = List.copyOf(first);
        }
    }

    public synchronized Summary summary() {
        return new Summary(files, pictures, classes, first);
    }

    synchronized void file(Path file) {
        name(file + " is no picture: convert or remove it", ++files);
    }

    synchronized void picture(String reason) {
        name(reason, ++pictures);
    }

    synchronized void emptyClass(String label) {
        name("the class '" + label + "' has no images to train with: add some, or remove it", ++classes);
    }

    private void name(String sentence, int count) {
        if (strict) {
            throw new DatasetException(sentence);
        }
        if (count <= MAX_NAMED) {
            first.add(sentence);
        }
    }
}
