package dev.reverie.deploy.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds the known name that is closest to a mistyped name. */
public final class NearestName {

    private static final LevenshteinDistance EDITS = LevenshteinDistance.getDefaultInstance();

    /** Maximum number of edits as a fraction of the length of the name; names that differ more are unrelated. */
    private static final double MOST_EDITS = 0.4;

    private NearestName() {}

    /** Returns the known name that needs the fewest edits; empty if that name is too different, or no name is known. */
    public static Optional<String> of(String name, Collection<String> known) {
        return known.stream()
                .sorted()
                .min(Comparator.comparingInt(candidate -> edits(name, candidate)))
                .filter(nearest -> edits(name, nearest) <= Math.max(1, MOST_EDITS * name.length()));
    }

    /** Counts the characters to insert, delete or replace in order to turn {@code from} into {@code to}. */
    public static int edits(String from, String to) {
        return EDITS.apply(from, to);
    }
}
