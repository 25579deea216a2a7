package dev.reverie.streams.service;

import dev.reverie.actors.intake.IngestSource;

/** Is told what happens at the doors. Called from any thread, so it is quick and thread safe. */
@FunctionalInterface
public interface IngestListener {

    /**
     * A delivery was refused or deferred.
     *
     * @param reason one of a few dozen fixed words, for example {@code image-invalid} or {@code overloaded}
     * @param samples that are known to be in it, 1 where nothing is known of them
     */
    void refused(IngestSource door, String reason, int samples);

    /** Something that came in is about to be decoded. */
    default Work decoding(IngestSource door) {
        return () -> {};
    }

    /** What takes time. */
    @FunctionalInterface
    interface Work extends AutoCloseable {

        /** It is done, well or badly. */
        @Override
        void close();
    }
}
