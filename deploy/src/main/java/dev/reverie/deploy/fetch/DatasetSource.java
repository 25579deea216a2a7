package dev.reverie.deploy.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** A source of published datasets. */
interface DatasetSource {

    /** Returns the name for messages. */
    String name();

    /**
     * Delivers the available files of {@code wanted} to {@code recipient}.
     *
     * @param workFolder an empty folder for downloads; the caller deletes it
     * @throws IOException if the source cannot be reached or lacks the dataset, with the reason
     */
    void deliver(List<ReleaseFile> wanted, Path workFolder, Recipient recipient) throws IOException;

    /** Receives files one by one. */
    @FunctionalInterface
    interface Recipient {

        /** Reads {@code content}, gzipped or not, before it returns; does not close it. */
        void accept(ReleaseFile file, InputStream content) throws IOException;

        /** Reports the number of bytes received so far of the next file. */
        default void arriving(long bytes) {}
    }
}
