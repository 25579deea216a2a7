package dev.reverie.streams.service;

import java.time.Instant;
import java.util.Optional;

/**
 * Receives measurements of reads of the memory. Called from any thread, so implementations must be quick and thread
 * safe.
 */
@FunctionalInterface
public interface ReadListener {

    /** The calls that hand out images of the memory. */
    enum Call {
        /** The whole memory, as arrays or as a picture. */
        MEMORY,
        /** A random batch. */
        SAMPLE
    }

    /** Starts to measure a read. */
    Read begin(Call call);

    @FunctionalInterface
    interface Read {

        /**
         * Called when the response is ready to be sent.
         *
         * @param changed time of the last change of the memory in the response; empty if the response has none
         */
        void end(int status, long bytes, Optional<Instant> changed);
    }
}
