package dev.reverie.deploy.history;

import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * Decides from bounds whether a read can still show what it showed. Only the steps that can be taken before the read
 * change the model until then: without a DELETE a class keeps its samples, and it gets at most those of the deliveries.
 * Of the deliveries that would take effect late, it gets at most as many as the limit of the search leaves.
 */
final class ReachableReads {

    private final ServiceModel model;
    private final LateChanges late;
    private final BitSet deletable = new BitSet();
    private final BitSet sealable = new BitSet();
    /** Samples of each class with those of the deliveries that would not be late. */
    private final int[] inTime;
    /** Number and maximum size of the deliveries to each class that would be late. */
    private final int[] lateCount;

    private final int[] lateSize;

    /** The reads that are reachable without further steps. */
    ReachableReads(StepList list, ServiceModel model, LateChanges late) {
        int labels = list.labels().size();
        this.model = model;
        this.late = late;
        this.inTime = IntStream.range(0, labels).map(model::count).toArray();
        this.lateCount = new int[labels];
        this.lateSize = new int[labels];
    }

    /** Adds a step that can be taken before the reads. */
    void add(Step step, boolean isLate) {
        switch (step) {
            case Step.Part part
            when isLate -> {
                lateCount[part.label()]++;
                lateSize[part.label()] = Math.max(lateSize[part.label()], part.most());
            }
            case Step.Part part -> inTime[part.label()] += part.most();
            case Step.Deletion deletion -> deletable.set(deletion.label());
            case Step.Sealing sealing -> sealable.set(sealing.label());
            default -> {}
        }
    }

    /** Whether some of the open steps could let the model match the read; false only if none can. */
    boolean contain(Step read) {
        return switch (read) {
            case Step.ClassRead classRead -> contain(classRead);
            case Step.MemoryRead memory -> atMost(memory.label()) > 0;
            case Step.TotalsRead totals -> contain(totals);
            default -> true;
        };
    }

    private boolean contain(Step.ClassRead read) {
        int label = read.label();
        if (read.view().isEmpty()) {
            return atLeast(label) == 0;
        }
        Answer.ClassView view = read.view().get();
        boolean sealFits = view.sealed() ? model.isSealed(label) || sealable.get(label) : canBeOpen(label);
        return sealFits && view.seen() >= atLeast(label) && view.seen() <= atMost(label);
    }

    private boolean canBeOpen(int label) {
        return !model.isSealed(label) || deletable.get(label);
    }

    private boolean contain(Step.TotalsRead read) {
        long least = 0;
        long most = 0;
        int fewest = 0;
        int greatest = 0;
        for (int label = 0; label < inTime.length; label++) {
            least += atLeast(label);
            most += atMost(label);
            fewest += atLeast(label) > 0 ? 1 : 0;
            greatest += atMost(label) > 0 ? 1 : 0;
        }
        return read.samples() >= least
                && read.samples() <= most
                && read.classes() >= fewest
                && read.classes() <= greatest;
    }

    private int atLeast(int label) {
        return deletable.get(label) ? 0 : model.count(label);
    }

    private int atMost(int label) {
        return inTime[label] + Math.min(lateCount[label], late.deliveriesLeft(label)) * lateSize[label];
    }
}
