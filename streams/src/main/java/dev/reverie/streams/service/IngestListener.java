package dev.reverie.streams.service;

import dev.reverie.actors.telemetry.IngestSource;

/**
 * Receives measurements from the ingest sources. Called from any thread, so implementations must be quick and thread
 * safe.
 */
@FunctionalInterface
public interface IngestListener {

    /**
     * Called when a delivery is refused or deferred.
     *
     * @param reason one of a few dozen fixed words, for example {@code image-invalid} or {@code overloaded}
     * @param samples number of samples in the delivery, or 1 if unknown
     */
    void refused(IngestSource source, String reason, int samples);

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
