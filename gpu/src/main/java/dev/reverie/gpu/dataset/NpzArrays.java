package dev.reverie.gpu.dataset;

import dev.reverie.npz.NpyArray;
import dev.reverie.npz.NpzArchive;
import dev.reverie.npz.NpzException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;

/** The arrays of an NPZ archive. Whatever is wrong with them is reported as a {@link DatasetException}. */
record NpzArrays(NpzArchive archive) {

    /** Unpacks an archive of only {@code known} arrays, with at most {@code maxBytes} bytes together. */
    static NpzArrays unpack(byte[] content, String name, Set<String> known, int maxBytes) {
        try {
            return new NpzArrays(NpzArchive.unpack(content, name, known, maxBytes));
        } catch (NpzException e) {
            throw refusal(e);
        }
    }

    /** Reads the only array of an NPY file and converts it. */
    static <T> T readOne(byte[] content, String name, int maxBytes, NpzArchive.Reading<T> reading) {
        try {
            return reading.from(NpyArray.readFrom(new ByteArrayInputStream(content), maxBytes));
        } catch (NpzException e) {
            throw refusal(e.about(name));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory does not fail", e);
        }
    }

    /** Reads the array {@code array} and converts it with {@code reading}; returns empty if there is no such array. */
    <T> Optional<T> read(String array, NpzArchive.Reading<T> reading) {
        try {
            return archive.find(array, reading);
        } catch (NpzException e) {
            throw refusal(e);
        } catch (IOException e) {
            throw new DatasetException(
                    "cannot read the array '" + array + "' of " + archive.name() + ": " + FileErrorMessages.describe(e),
                    e);
        }
    }

    /**
     * Reads an array that must exist, and converts it.
     *
     * @param why ends the message about an archive without it
     */
    <T> T require(String array, NpzArchive.Reading<T> reading, String why) {
        return read(array, reading)
                .orElseThrow(() -> new DatasetException(name() + " has no array '" + array + "'" + why));
    }

    /** Name of the archive in error messages. */
    String name() {
        return archive.name();
    }

    private static DatasetException refusal(NpzException e) {
        String message = String.valueOf(e.getMessage());
        DatasetException refusal = e.isTooLarge() ? new DataTooLargeException(message) : new DatasetException(message);
        refusal.initCause(e);
        return refusal;
    }
}
