package dev.reverie.streams.service;

import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.telemetry.IngestSource;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Receives measurements of the deliveries to a service and of the reads of its memory. Called from any thread, so
 * implementations must be quick and thread safe. Each method ignores what it is not overridden for.
 */
public interface ServiceListener {

    /** Ignores everything. */
    ServiceListener NONE = new ServiceListener() {};

    /**
     * Called when an ingest source passes a delivery to the service.
     *
     * @return called once with the outcome, or with an empty value if the service failed to process the delivery
     */
    default Consumer<Optional<DeliveryOutcome>> passed(Delivery delivery) {
        return _ -> {};
    }

    /**
     * Called when an ingest source refuses a delivery for good.
     *
     * @param reason one of a few dozen fixed words, for example {@code image-invalid}
     * @param samples number of samples in the delivery, or 1 if unknown
     */
    default void refused(IngestSource source, String reason, int samples) {}

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

    /** Starts to measure a read of the memory. */
    default Read reading(ReadCall call) {
        return (_, _, _) -> {};
    }

    /** The calls that hand out images of the memory. */
    enum ReadCall {
        /** The whole memory, as arrays or as a picture. */
        MEMORY,
        /** A random batch. */
        SAMPLE
    }

    /** A read in progress. */
    @FunctionalInterface
    interface Read {

        /**
         * Called when the response is ready to be sent.
         *
         * @param status HTTP status
         * @param bytes size of the body
         * @param changed time of the last change of the memory in the response; empty if the response has none
         */
        void end(int status, long bytes, Optional<Instant> changed);
    }
}
