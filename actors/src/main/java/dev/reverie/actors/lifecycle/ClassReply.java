package dev.reverie.actors.lifecycle;

import dev.reverie.actors.serialization.Transferable;
import java.util.List;
import java.util.UUID;

/** The reply of a class to the intake about its part of a delivery. */
public sealed interface ClassReply extends Transferable {

    /** Identifies the delivery. */
    UUID delivery();

    /** Index of the class. */
    int label();

    /**
     * What the class knows of the samples, before it stores any.
     *
     * @param samples positions among the samples of the request: of all new samples, if their ids are reserved; of the
     *     first sample that can never be stored, after a conflict or if the class is sealed; otherwise empty
     */
    record Examined(UUID delivery, int label, Finding finding, List<Integer> samples) implements ClassReply {
        public Examined {
            samples = List.copyOf(samples);
        }
    }

    /** What a class finds when it examines samples. */
    enum Finding {
        /** The class can store the new samples. All others are duplicates of durable samples. */
        RESERVED,
        /** An id already belongs to another image of the class. */
        CONFLICT,
        /** The class is sealed, and a sample is new. */
        SEALED,
        /** The class is being sealed, and a sample is new. */
        SEALING,
        /** Another delivery has reserved an id. */
        BUSY
    }

    /** Says whether all samples of the commit are durable. If not, the class stores none of them. */
    record Committed(UUID delivery, int label, boolean stored) implements ClassReply {}
}
