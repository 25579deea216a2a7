package dev.reverie.deploy.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** A source of published datasets. */
interface DatasetSource {

    /** Returns the name of the source for messages. */
    String name();

    /**
     * Delivers to {@code recipient} those files of {@code wanted} that this source has.
     *
     * @param workFolder an empty folder for downloads; the caller deletes it
     * @throws IOException if the source cannot be reached or lacks the dataset; the message gives the reason
     */
    void deliver(List<ReleaseFile> wanted, Path workFolder, Recipient recipient) throws IOException;

    /** Receives files one by one. */
    @FunctionalInterface
    interface Recipient {

        /** Receives a file. Reads {@code content}, gzipped or not, before returning, and does not close it. */
        void accept(ReleaseFile file, InputStream content) throws IOException;

        /** Reports how many bytes of the next file have arrived so far. */
        default void arriving(long bytes) {}
    }
}
