package dev.reverie.gpu.dataset;

import java.util.zip.Checksum;

/** Where the levels of an image come from: memory, or a file that is read whenever they are needed. */
public interface ImageSource {

    /**
     * Returns the levels, channel-first, in an array that the caller must not change.
     *
     * @throws DatasetException if they come from a file that is missing or damaged
     */
    byte[] levels();

    /** Adds what identifies the image to a checksum: its levels, or the name of its file. */
    void addTo(Checksum checksum);
}
