package dev.reverie.actors.lifecycle;

import dev.reverie.actors.serialization.Transferable;
import dev.reverie.actors.telemetry.ClassPhase;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.OptionalDouble;

/**
 * A class of a service at one moment. The owner of the class publishes this after each change, and before it replies to
 * whoever wanted the change.
 *
 * @param index class index, assigned in the order of first arrival, starting from 0, and never reused
 * @param seen number of durable samples
 * @param reservoir number of real images in the reservoir
 * @param images number of synthetic images
 * @param innerLoops number of inner loops in which the class was matched
 * @param matchingLoss matching loss of the last class step; empty before the first one
 * @param updated time at which the synthetic images last changed
 * @param sealRequested whether the class is to be sealed as soon as it converges; false for a sealed class
 * @param damaged whether rows of the class in the store are damaged; the class is then not served, and only its label
 *     and index are known for sure
 * @param capacity maximum number of real images in the reservoir
 */
@RecordBuilder
@RecordBuilder.Options(addClassRetainedGenerated = true, addFunctionalMethodsToWith = false)
public record ClassInfo(
        String label,
        int index,
        ClassPhase phase,
        long seen,
        int reservoir,
        int images,
        long innerLoops,
        OptionalDouble matchingLoss,
        Instant updated,
        boolean sealRequested,
        boolean damaged,
        int capacity,
        Version version)
        implements ClassReport, Transferable, ClassInfoBuilder.With {

    /**
     * Orders what is published about a class.
     *
     * @param epoch number that differs after every recovery of the class
     * @param events number of durable events of the class
     * @param changes number of changes that were published since the owner of the class started
     */
    public record Version(long epoch, long events, long changes) {

        private static final Version NONE = new Version(0, -1, 0);

        private boolean isAfter(Version other) {
            return epoch == other.epoch ? changes > other.changes : events >= other.events;
        }
    }

    /** A class of which nothing was published yet. */
    public static ClassInfo unpublished(int index, String label) {
        return new ClassInfo(
                label,
                index,
                ClassPhase.COLLECTING,
                0,
                0,
                0,
                0,
                OptionalDouble.empty(),
                Instant.EPOCH,
                false,
                false,
                0,
                Version.NONE);
    }

    /** Whether this is newer than what is known of the class. Messages from different nodes can overtake each other. */
    public boolean isAfter(ClassInfo known) {
        return version.isAfter(known.version);
    }

    /** Whether the class has not recovered between this and what is known of it. */
    public boolean isOfSameEpoch(ClassInfo known) {
        return version.epoch == known.version.epoch;
    }
}
