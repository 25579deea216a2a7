package dev.reverie.streams.service;

import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.telemetry.IngestSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Receives measurements of the deliveries to a service. Called from any thread, so implementations must be quick and
 * thread safe. What an implementation does not override is ignored.
 */
public interface IngestListener {

    /** Ignores everything. */
    IngestListener NONE = new IngestListener() {};

    /**
     * Called when an ingest source passes a delivery to the service.
     *
     * @return called once with the outcome, or with an empty value if the service failed to process the delivery
     */
    default Consumer<Optional<DeliveryOutcome>> passed(Delivery delivery) {
        return _ -> {};
    }

    /** Called when an ingest source refuses a delivery for good. */
    default void refused(Refused refused) {}

    /**
     * A refused delivery.
     *
     * @param reason one of a few dozen fixed words, for example {@code image-invalid}
     * @param samples number of samples in the delivery, or 1 if unknown
     * @param origin what tells the sender which delivery it is, if known: the label over HTTP, the path of a file, or
     *     the place of a Kafka record
     * @param detail one sentence that says what is wrong and what to do about it
     */
    record Refused(IngestSource source, String reason, int samples, Optional<String> origin, String detail) {}

    /**
     * Called after each scan of a watched folder, and with 0 when scanning ends.
     *
     * @param files number of entries that are neither pictures nor batches
     * @param first paths of the first of them
     */
    default void passedOver(int files, List<String> first) {}

    /**
     * Called when a delivery is deferred, so that its samples are sent again.
     *
     * @param reason one of a few fixed words, for example {@code overloaded}
     */
    default void deferred(IngestSource source, String reason) {}

    /** Starts to measure the decoding of an item; closing the result ends the measurement. */
    default DecodeTimer decoding(IngestSource source) {
        return () -> {};
    }

    /** Measures how long decoding takes. */
    @FunctionalInterface
    interface DecodeTimer extends AutoCloseable {

        /** Called when decoding has ended, successfully or not. */
        @Override
        void close();
    }
}
