package dev.reverie.streams.service;

import dev.reverie.actors.telemetry.IngestSource;

/** Receives what happens in the ingest sources. Called from any thread, so it must be quick and thread safe. */
@FunctionalInterface
public interface IngestInstrumentation {

    /**
     * Called when a delivery is refused or deferred.
     *
     * @param reason one of a few dozen fixed words, for example {@code image-invalid} or {@code overloaded}
     * @param samples number of samples in it, or 1 if unknown
     */
    void refused(IngestSource source, String reason, int samples);

    /** Called before an item is decoded; closing the result ends the measurement. */
    default DecodeTimer decoding(IngestSource source) {
        return () -> {};
    }

    /** Measures how long decoding takes. */
    @FunctionalInterface
    interface DecodeTimer extends AutoCloseable {

        /** Decoding ended, successfully or not. */
        @Override
        void close();
    }
}
