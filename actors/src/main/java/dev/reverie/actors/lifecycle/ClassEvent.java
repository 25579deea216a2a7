package dev.reverie.actors.lifecycle;

import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.reservoir.MaxAge;
import dev.reverie.actors.reservoir.ReservoirImage;
import dev.reverie.actors.serialization.Transferable;
import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A persisted change to a class. An event is deleted once a snapshot includes it. */
public sealed interface ClassEvent extends Transferable {

    /** Approximate size of this event in the store, in bytes. */
    long storedBytes();

    /**
     * Samples were added.
     *
     * @param first ordinal of the first added sample among all samples of the class
     * @param arrived time at which the class stored the samples
     * @param expiry the earlier images that leave before the samples are added; empty if images of any age stay
     * @param fingerprints fingerprints of all added samples
     * @param chosen the added samples that entered the reservoir
     * @param testImages the added samples that entered the test images
     */
    record SamplesAdded(
            long first,
            Instant arrived,
            Optional<MaxAge.Expiry> expiry,
            FingerprintBlock fingerprints,
            List<ReservoirImage> chosen,
            List<ReservoirImage> testImages)
            implements ClassEvent {
        public SamplesAdded {
            chosen = List.copyOf(chosen);
            testImages = List.copyOf(testImages);
        }

        @Override
        public long storedBytes() {
            return StoredSizes.ROW
                    + StoredSizes.of(fingerprints.size())
                    + StoredSizes.of(chosen)
                    + StoredSizes.of(testImages);
        }
    }

    /** The samples with one id left the reservoir or the test images. */
    record SampleWithdrawn(List<Long> ordinals) implements ClassEvent {
        public SampleWithdrawn {
            ordinals = List.copyOf(ordinals);
        }

        @Override
        public long storedBytes() {
            return StoredSizes.ROW;
        }
    }

    /** The synthetic images changed. */
    record ImagesLearned(LearnedImages learned) implements ClassEvent {
        @Override
        public long storedBytes() {
            return StoredSizes.ROW + StoredSizes.of(learned);
        }
    }

    /** The class entered a phase. {@link ClassPhase#SEALED} drops its real images. */
    record PhaseEntered(ClassPhase phase) implements ClassEvent {
        @Override
        public long storedBytes() {
            return StoredSizes.ROW;
        }
    }

    /** The class is to be sealed as soon as it converges, or no longer. */
    record SealRequested(boolean requested) implements ClassEvent {
        @Override
        public long storedBytes() {
            return StoredSizes.ROW;
        }
    }

    /** The capacity of the class changed. A smaller capacity drops images and fingerprints. */
    record CapacityChanged(ClassCapacity capacity) implements ClassEvent {
        @Override
        public long storedBytes() {
            return StoredSizes.ROW;
        }
    }
}
