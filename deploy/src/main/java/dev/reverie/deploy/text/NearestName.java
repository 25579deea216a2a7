package dev.reverie.deploy.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds the known name that a mistyped name most probably means. */
public final class NearestName {

    private static final LevenshteinDistance EDITS = LevenshteinDistance.getDefaultInstance();

    /** Maximum share of the name's letters to edit; beyond it, the names are unrelated. */
    private static final double MOST_EDITS = 0.4;

    private NearestName() {}

    /** Returns the known name with the fewest edits; empty if even that one is too different. */
    public static Optional<String> of(String name, Collection<String> known) {
        return known.stream()
                .sorted()
                .min(Comparator.comparingInt(candidate -> edits(name, candidate)))
                .filter(nearest -> edits(name, nearest) <= Math.max(1, MOST_EDITS * name.length()));
    }

    /** Counts the letters to insert, delete or replace. */
    public static int edits(String from, String to) {
        return EDITS.apply(from, to);
    }
}
