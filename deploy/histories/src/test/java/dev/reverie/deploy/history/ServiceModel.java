package dev.reverie.deploy.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What a correct service holds after some steps. The model changes in place and takes changes back in the opposite
 * order. Not thread safe.
 */
final class ServiceModel {

    /** What a step does to the model. */
    enum Effect {
        /** The answer contradicts the model. */
        CONTRADICTION,
        /** The answer fits, and the model stays as it is. */
        NONE,
        /** The answer fits, or there is none, and the model changes. */
        CHANGE
    }

    /** A fingerprint of the model and of the steps that were taken. Equal models have equal fingerprints. */
    record Fingerprint(long high, long low) {}

    private static final long SEED = 0x5eed;

    private final List<Step> steps;
    private final BitSet taken = new BitSet();
    private final BitSet present = new BitSet();
    private final BitSet sealed = new BitSet();
    private final int[] counts;
    private final int[] newSamples;
    private final int[] partsTaken;
    private final List<List<Integer>> samplesOf = new ArrayList<>();
    private final long[] keys;
    private final int samples;
    private long high;
    private long low;

    ServiceModel(StepList list) {
        this.steps = list.steps();
        this.samples = list.labelOfSample().size();
        this.counts = new int[list.labels().size()];
        this.newSamples = new int[list.operations().size()];
        this.partsTaken = new int[list.operations().size()];
        this.keys = new SplittableRandom(SEED)
                .longs(2L
                        * (samples
                                + counts.length
                                + steps.size()
                                + list.operations().size()))
                .toArray();
        list.labels().forEach(_ -> samplesOf.add(new ArrayList<>()));
        for (int sample = 0; sample < samples; sample++) {
            samplesOf.get(list.labelOfSample().get(sample)).add(sample);
        }
    }

    boolean isTaken(int index) {
        return taken.get(index);
    }

    Fingerprint fingerprint() {
        return new Fingerprint(high, low);
    }

    /** Number of samples of a class. */
    int count(int label) {
        return counts[label];
    }

    boolean isSealed(int label) {
        return sealed.get(label);
    }

    /** Number of samples of all classes. */
    int total() {
        return present.cardinality();
    }

    /** Number of classes that have samples. */
    private long classes() {
        return Arrays.stream(counts).filter(count -> count > 0).count();
    }

    /** Returns what the step would do now. */
    Effect effectOf(int index) {
        return switch (steps.get(index)) {
            case Step.Part part -> effectOf(part);
            case Step.Deletion(var _, var label, var found) -> change(found, counts[label] > 0);
            case Step.Sealing(var _, var label, var found) -> change(found, counts[label] > 0);
            case Step.ClassRead read -> readable(shows(read));
            case Step.MemoryRead read -> readable(counts[read.label()] > 0);
            case Step.TotalsRead read -> readable(read.samples() == total() && read.classes() == classes());
            case Step.Inexplicable _ -> Effect.CONTRADICTION;
            case Step.Death _ -> Effect.CHANGE;
        };
    }

    private static Effect readable(boolean matches) {
        return matches ? Effect.NONE : Effect.CONTRADICTION;
    }

    /** The effect of a change to a class that exists or not, and was found or not, or was not answered. */
    private static Effect change(Optional<Boolean> found, boolean exists) {
        if (found.isPresent() && found.get() != exists) {
            return Effect.CONTRADICTION;
        }
        return exists ? Effect.CHANGE : Effect.NONE;
    }

    private Effect effectOf(Step.Part part) {
        int added = added(part);
        if ((added > 0 && sealed.get(part.label())) || !refusesRightly(part)) {
            return Effect.CONTRADICTION;
        }
        if (part.sum().isEmpty()) {
            boolean addsLater = part.most() > 0 && !part.moment().optional();
            return added == 0 && !addsLater ? Effect.NONE : Effect.CHANGE;
        }
        Step.Sum all = part.sum().get();
        int operation = part.moment().operation();
        boolean isLast = partsTaken[operation] == all.parts() - 1;
        int accepted = newSamples[operation] + added;
        if (accepted > all.accepted() || (isLast && accepted < all.accepted())) {
            return Effect.CONTRADICTION;
        }
        return added == 0 && (isLast || part.most() == 0 || all.accepted() == 0) ? Effect.NONE : Effect.CHANGE;
    }

    /** Whether an answer that refuses samples refuses all those of a sealed class that the class does not have. */
    private boolean refusesRightly(Step.Part part) {
        return part.refused().isEmpty()
                || (sealed.get(part.label()) && absent(part).equals(part.refused()));
    }

    /** Number of samples that a part adds to the model. */
    int added(Step.Part part) {
        return part.most() == 0 ? 0 : absent(part).size();
    }

    private List<Integer> absent(Step.Part part) {
        return part.samples().stream().filter(sample -> !present.get(sample)).toList();
    }

    private boolean shows(Step.ClassRead read) {
        int count = counts[read.label()];
        return read.view()
                .map(view -> view.seen() == count && count > 0 && view.sealed() == sealed.get(read.label()))
                .orElse(count == 0);
    }

    /** Whether a step that contradicts the model would fit if a class had been deleted. */
    boolean awaitsDeletion(int index) {
        return switch (steps.get(index)) {
            case Step.Part part ->
                (sealed.get(part.label()) && part.refused().isEmpty())
                        || absent(part).size() < part.samples().size();
            case Step.Deletion deletion -> counts[deletion.label()] > 0;
            case Step.Sealing sealing -> counts[sealing.label()] > 0;
            case Step.ClassRead read ->
                counts[read.label()] > read.view().map(Answer.ClassView::seen).orElse(0L);
            case Step.TotalsRead read -> total() > read.samples();
            default -> false;
        };
    }

    /** Takes a step that does not contradict the model. Returns how to take it back. */
    Runnable take(int index) {
        taken.set(index);
        hash(samples + counts.length + index);
        Runnable back =
                switch (steps.get(index)) {
                    case Step.Part part -> add(part);
                    case Step.Deletion(var _, var label, var _) -> delete(label);
                    case Step.Sealing(var _, var label, var _) -> seal(label);
                    default -> () -> {};
                };
        return () -> {
            back.run();
            hash(samples + counts.length + index);
            taken.clear(index);
        };
    }

    private Runnable add(Step.Part part) {
        int operation = part.moment().operation();
        List<Integer> added = part.most() == 0 ? List.of() : absent(part);
        added.forEach(this::flip);
        counts[part.label()] += added.size();
        hashProgress(operation);
        newSamples[operation] += added.size();
        partsTaken[operation]++;
        hashProgress(operation);
        return () -> {
            hashProgress(operation);
            partsTaken[operation]--;
            newSamples[operation] -= added.size();
            hashProgress(operation);
            counts[part.label()] -= added.size();
            added.forEach(this::flip);
        };
    }

    private Runnable delete(int label) {
        List<Integer> removed =
                samplesOf.get(label).stream().filter(present::get).toList();
        boolean wasSealed = sealed.get(label);
        removed.forEach(this::flip);
        counts[label] = 0;
        if (wasSealed) {
            flipSeal(label);
        }
        return () -> {
            if (wasSealed) {
                flipSeal(label);
            }
            counts[label] = removed.size();
            removed.forEach(this::flip);
        };
    }

    private Runnable seal(int label) {
        if (counts[label] == 0 || sealed.get(label)) {
            return () -> {};
        }
        flipSeal(label);
        return () -> flipSeal(label);
    }

    private void flip(int sample) {
        present.flip(sample);
        hash(sample);
    }

    private void flipSeal(int label) {
        sealed.flip(label);
        hash(samples + label);
    }

    private void hash(int key) {
        high ^= keys[2 * key];
        low ^= keys[2 * key + 1];
    }

    private void hashProgress(int operation) {
        int key = samples + counts.length + steps.size() + operation;
        high ^= keys[2 * key] * newSamples[operation];
        low ^= keys[2 * key + 1] * newSamples[operation];
    }
}
