package dev.reverie.deploy.history;

import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * Decides from bounds whether a read can still show what it showed. Only the steps that can be taken before the read
 * change the model until then: without a DELETE a class keeps its samples, and it gets at most those of the deliveries.
 */
final class ReachableReads {

    private final ServiceModel model;
    private final BitSet deletable = new BitSet();
    private final BitSet sealable = new BitSet();
    private final int[] atMost;

    /**
     * The reads that are reachable before the end of a step.
     *
     * @param firstOpen index of the first step that was not taken
     * @param epoch number of deaths so far
     */
    static ReachableReads before(int end, StepList list, ServiceModel model, int firstOpen, int epoch) {
        long ended = list.steps().get(end).moment().ended();
        ReachableReads reads = new ReachableReads(model, list.labels().size());
        for (int i = firstOpen; i < list.steps().size(); i++) {
            Step step = list.steps().get(i);
            if (step.moment().sent() >= ended) {
                break;
            }
            if (!model.isTaken(i) && step.moment().epoch() == epoch) {
                reads.add(step);
            }
        }
        return reads;
    }

    private ReachableReads(ServiceModel model, int labels) {
        this.model = model;
        this.atMost = IntStream.range(0, labels).map(model::count).toArray();
    }

    private void add(Step step) {
        switch (step) {
            case Step.Part part -> atMost[part.label()] += part.samples().size();
            case Step.Deletion deletion -> deletable.set(deletion.label());
            case Step.Sealing sealing -> sealable.set(sealing.label());
            default -> {}
        }
    }

    /** Whether some of the open steps could let the model match the read; false only if none can. */
    boolean contain(Step read) {
        return switch (read) {
            case Step.ClassRead classRead -> contain(classRead);
            case Step.MemoryRead memory -> atMost[memory.label()] > 0;
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
        return sealFits && view.seen() >= atLeast(label) && view.seen() <= atMost[label];
    }

    private boolean canBeOpen(int label) {
        return !model.isSealed(label) || deletable.get(label);
    }

    private boolean contain(Step.TotalsRead read) {
        long least = 0;
        long most = 0;
        int fewest = 0;
        int greatest = 0;
        for (int label = 0; label < atMost.length; label++) {
            least += atLeast(label);
            most += atMost[label];
            fewest += atLeast(label) > 0 ? 1 : 0;
            greatest += atMost[label] > 0 ? 1 : 0;
        }
        return read.samples() >= least
                && read.samples() <= most
                && read.classes() >= fewest
                && read.classes() <= greatest;
    }

    private int atLeast(int label) {
        return deletable.get(label) ? 0 : model.count(label);
    }
}
