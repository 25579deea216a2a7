package dev.reverie.actors.lifecycle;

import dev.reverie.actors.serialization.Transferable;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.telemetry.ClassPhase;
import java.util.Optional;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;

/** Reports from a class actor to its supervisor. Only {@link Recovered} and {@link Failed} are sent to other nodes. */
public sealed interface ClassReport {

    /** Index of the class. */
    int label();

    /**
     * The class has recovered from the store and accepts samples with this epoch.
     *
     * @param epoch number that differs after every recovery
     * @param seen number of durable samples
     * @param reservoir number of images in the reservoir
     * @param capacity capacity of the class; empty before the first sample and for a sealed class
     * @param sealRequested whether the class is to be sealed as soon as it converges
     */
    record Recovered(
            int label,
            long epoch,
            ClassPhase phase,
            long seen,
            int reservoir,
            Optional<ClassCapacity> capacity,
            boolean sealRequested)
            implements ClassReport, Transferable {

        public Recovered withSamples(long newEpoch, long newSeen, int newReservoir) {
            return new Recovered(label, newEpoch, phase, newSeen, newReservoir, capacity, sealRequested);
        }

        public Recovered withPhase(ClassPhase newPhase) {
            return new Recovered(label, epoch, newPhase, seen, reservoir, capacity, sealRequested);
        }

        public Recovered withSealRequested(boolean requested) {
            return new Recovered(label, epoch, phase, seen, reservoir, capacity, requested);
        }
    }

    /**
     * Every sample up to an ordinal is durable.
     *
     * @param seen the ordinal, exclusive
     * @param reservoir number of images in the reservoir
     */
    record SamplesStored(int label, long epoch, long seen, int reservoir)
            implements ClassReport, NoSerializationVerificationNeeded {}

    /** The class has durably entered a phase. */
    record PhaseEntered(int label, ClassPhase phase) implements ClassReport, NoSerializationVerificationNeeded {}

    /** The class is durably to be sealed as soon as it converges, or no longer. */
    record SealRequested(int label, boolean requested) implements ClassReport, NoSerializationVerificationNeeded {}

    /** The store failed. The class recovers by itself, and accepts no samples until then. */
    record Failed(int label, StoreFailure failure, String detail) implements ClassReport, Transferable {}
}
