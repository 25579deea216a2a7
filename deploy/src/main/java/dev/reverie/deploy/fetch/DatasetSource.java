package dev.reverie.deploy.fetch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongConsumer;

interface DatasetSource {

    /** Returns the name of the source for messages. */
    String name();

    /**
     * Gets a file, gzipped or not.
     *
     * @param workFolder a folder for downloads, the same one for all files; the caller deletes it
     * @param arrived is told now and then how many bytes of the file have arrived
     * @return where the file is in the folder
     * @throws IOException if the source cannot be reached or lacks the file; the message gives the reason
     */
    Path get(ReleaseFile file, Path workFolder, LongConsumer arrived) throws IOException;
}
