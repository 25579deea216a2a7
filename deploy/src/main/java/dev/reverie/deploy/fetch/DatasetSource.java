package dev.reverie.deploy.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** A place a dataset can be had from. */
interface DatasetSource {

    /** As shown to the user. */
    String name();

    /**
     * Hands what it has of {@code wanted} to {@code recipient}.
     *
     * @param workshop an empty folder for whatever has to be downloaded first; the caller removes it
     * @throws IOException if the source cannot be reached or does not have the dataset; the message says why
     */
    void deliver(List<ReleaseFile> wanted, Path workshop, Recipient recipient) throws IOException;

    /** Takes files as they come. */
    @FunctionalInterface
    interface Recipient {

        /** Reads {@code content}, gzipped or not, before it returns; does not close it. */
        void accept(ReleaseFile file, InputStream content) throws IOException;

        /** So many bytes of the next file have come, but not all. */
        default void arriving(long bytes) {}
    }
}
