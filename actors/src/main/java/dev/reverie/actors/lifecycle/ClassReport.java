package dev.reverie.actors.lifecycle;

import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.serialization.Transferable;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.telemetry.ClassPhase;
import java.util.Optional;

/** Reports of a class actor to its supervisor. */
public sealed interface ClassReport extends Transferable {

    /** Index of the class. */
    int label();

    /**
     * The class has recovered from the store and accepts samples of this epoch.
     *
     * @param epoch grows with every recovery
     * @param seen number of durable samples
     * @param reservoir number of images in its reservoir
     * @param capacity empty before its first sample and when it is sealed
     * @param fingerprints of its last samples
     * @param learning whether it has learned images
     */
    record Recovered(
            int label,
            long epoch,
            ClassPhase phase,
            long seen,
            int reservoir,
            Optional<ClassCapacity> capacity,
            FingerprintBlock fingerprints,
            boolean learning)
            implements ClassReport {}

    /**
     * Every sample up to an ordinal is durable.
     *
     * @param seen the ordinal, exclusive
     * @param reservoir number of images in its reservoir
     */
    record SamplesStored(int label, long epoch, long seen, int reservoir) implements ClassReport {}

    /** The class has entered a phase, and this is durable. */
    record PhaseEntered(int label, ClassPhase phase) implements ClassReport {}

    /** The store failed. The class recovers by itself and accepts no samples until it has. */
    record Failed(int label, StoreFailure failure, String detail) implements ClassReport {}
}
