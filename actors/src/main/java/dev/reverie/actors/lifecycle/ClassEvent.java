package dev.reverie.actors.lifecycle;

import dev.reverie.actors.deduplication.Fingerprints;
import dev.reverie.actors.reservoir.Kept;
import dev.reverie.actors.serialization.Transferable;
import java.util.List;

/** What has happened to a class; stored for good or until a snapshot stands for it. */
public sealed interface ClassEvent extends Transferable {

    /** About how many bytes it takes in the store. */
    long weight();

    /**
     * Samples came in.
     *
     * @param first ordinal of the first one among all samples of the class
     * @param samples all of them
     * @param kept those that went into the reservoir
     */
    record SamplesAdmitted(long first, Fingerprints samples, List<Kept> kept) implements ClassEvent {
        public SamplesAdmitted {
            kept = List.copyOf(kept);
        }

        @Override
        public long weight() {
            return Weights.ROW + Weights.of(samples.size()) + Weights.of(kept);
        }
    }

    /** The synthetic images were brought up to date. */
    record ImagesLearned(Learned learned) implements ClassEvent {
        @Override
        public long weight() {
            return Weights.ROW + Weights.of(learned);
        }
    }

    /** A new stage began; with {@link ClassPhase#SEALED} the real images go. */
    record PhaseEntered(ClassPhase phase) implements ClassEvent {
        @Override
        public long weight() {
            return Weights.ROW;
        }
    }

    /** The class may hold more or less than before; what it has no room for goes. */
    record CapacityChanged(Capacity capacity) implements ClassEvent {
        @Override
        public long weight() {
            return Weights.ROW;
        }
    }
}
