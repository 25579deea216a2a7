package dev.reverie.actors.lifecycle;

import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.serialization.Transferable;
import dev.reverie.actors.store.StoreFailure;
import java.util.Optional;

/** What a class tells its keeper. */
public sealed interface ClassReport extends Transferable {

    /** Index of the class. */
    int label();

    /**
     * The class is as the store has it and takes samples from now on, those marked with this epoch.
     *
     * @param epoch grows with every recovery
     * @param seen samples that are durable
     * @param capacity that it has; empty before its first sample and when it is sealed
     * @param known fingerprints of the last samples
     * @param learning whether it has learned images
     */
    record Recovered(
            int label,
            long epoch,
            ClassPhase phase,
            long seen,
            int reservoir,
            Optional<ClassCapacity> capacity,
            FingerprintBlock known,
            boolean learning)
            implements ClassReport {}

    /**
     * Every sample up to an ordinal is durable.
     *
     * @param seen the ordinal, exclusive
     * @param reservoir images it holds now
     */
    record Admitted(int label, long epoch, long seen, int reservoir) implements ClassReport {}

    /** The stage the class is in now is durable. */
    record PhaseEntered(int label, ClassPhase phase) implements ClassReport {}

    /** The store failed; the class tries to recover by itself and takes nothing until it has. */
    record Failed(int label, StoreFailure failure, String detail) implements ClassReport {}
}
