package dev.reverie.streams.service;

import dev.reverie.actors.telemetry.IngestSource;

/**
 * Receives measurements from the ingest sources. Called from any thread, so implementations must be quick and thread
 * safe.
 */
public interface IngestListener {

    /**
     * Called when a delivery is refused for good.
     *
     * @param reason one of a few dozen fixed words, for example {@code image-invalid}
     * @param samples number of samples in the delivery, or 1 if unknown
     */
    void refused(IngestSource source, String reason, int samples);

    /**
     * Called when a delivery is deferred, so that its samples are sent again.
     *
     * @param reason one of a few fixed words, for example {@code overloaded}
     */
    void deferred(IngestSource source, String reason);

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
