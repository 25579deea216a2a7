package dev.reverie.actors.lifecycle;

import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.reservoir.ReservoirImage;
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
    record SamplesAdmitted(long first, FingerprintBlock samples, List<ReservoirImage> kept) implements ClassEvent {
        public SamplesAdmitted {
            kept = List.copyOf(kept);
        }

        @Override
        public long weight() {
            return StoredSizes.ROW + StoredSizes.of(samples.size()) + StoredSizes.of(kept);
        }
    }

    /** The synthetic images were brought up to date. */
    record ImagesLearned(LearnedImages learned) implements ClassEvent {
        @Override
        public long weight() {
            return StoredSizes.ROW + StoredSizes.of(learned);
        }
    }

    /** A new stage began; with {@link ClassPhase#SEALED} the real images go. */
    record PhaseEntered(ClassPhase phase) implements ClassEvent {
        @Override
        public long weight() {
            return StoredSizes.ROW;
        }
    }

    /** The class may hold more or less than before; what it has no room for goes. */
    record CapacityChanged(ClassCapacity capacity) implements ClassEvent {
        @Override
        public long weight() {
            return StoredSizes.ROW;
        }
    }
}
