package dev.reverie.deploy.history;

import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Counts the requests that have taken effect late in each class, and limits their numbers. Each class has a limit of
 * its own, so that the order of one class does not depend on another. Not thread safe.
 */
final class LateChanges {

    /** Maximum numbers in each class: deliveries, and DELETEs and seals, which wait longer for a store that fails. */
    record Limit(int deliveries, int others) {

        static final Limit NONE = new Limit(Integer.MAX_VALUE, Integer.MAX_VALUE);

        /** The limits of the first searches. */
        static final List<Limit> FIRST = List.of(
                new Limit(0, 0), new Limit(0, 1), new Limit(0, 2), new Limit(1, 2), new Limit(2, 4), new Limit(8, 8));
    }

    private final List<Step> steps;
    private final long[] scopes;
    private final Limit limit;
    private final int[] deliveries;
    private final int[] others;

    LateChanges(StepList list, Limit limit) {
        this.steps = list.steps();
        this.scopes = list.scopes();
        this.limit = limit;
        this.deliveries = new int[list.labels().size()];
        this.others = new int[list.labels().size()];
    }

    /** Whether the limit lets one more step take effect late. */
    boolean admit(int index) {
        int most = isDelivery(index) ? limit.deliveries : limit.others;
        return classes(index).allMatch(label -> counts(index)[label] < most);
    }

    /** How many more deliveries may add samples to a class late. */
    int deliveriesLeft(int label) {
        return limit.deliveries - deliveries[label];
    }

    /**
     * Counts a step that takes effect late, or no longer counts it.
     *
     * @param difference 1 to count the step, or -1 to take it back
     */
    void add(int index, int difference) {
        classes(index).forEach(label -> counts(index)[label] += difference);
    }

    private int[] counts(int index) {
        return isDelivery(index) ? deliveries : others;
    }

    private boolean isDelivery(int index) {
        return steps.get(index) instanceof Step.Part;
    }

    private IntStream classes(int index) {
        return BitSet.valueOf(new long[] {scopes[index]}).stream();
    }
}
