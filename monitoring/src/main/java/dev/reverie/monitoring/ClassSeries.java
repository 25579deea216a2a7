package dev.reverie.monitoring;

import java.util.HashMap;
import java.util.Map;

/**
 * Names the {@code class} label of a metric. Only the first classes get series of their own, so that a stream of ever
 * new classes cannot fill the monitoring system; the rest share {@value #OTHER}. Not thread safe.
 */
final class ClassSeries {

    /** Shared by all classes over the limit. */
    static final String OTHER = "__other__";

    private final int limit;
    private final Map<Integer, String> names = new HashMap<>();

    /** Gives series of their own to at most {@code limit} classes. */
    ClassSeries(int limit) {
        this.limit = limit;
    }

    void name(int label, String name) {
        if (names.containsKey(label) || names.size() < limit) {
            names.put(label, name);
        }
    }

    /** The label's value for a class; one that was never named goes to {@value #OTHER}. */
    String of(int label) {
        return names.getOrDefault(label, OTHER);
    }
}
