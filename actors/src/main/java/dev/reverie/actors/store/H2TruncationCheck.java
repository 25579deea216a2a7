package dev.reverie.actors.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;

/**
 * Detects that an H2 file has lost its end, for example in an incomplete copy. H2 treats such a file as one whose last
 * write was interrupted, and silently returns to the newest complete state, which may be empty. However, the header
 * records how far the file was written.
 */
final class H2TruncationCheck {

    private H2TruncationCheck() {}

    /**
     * Checks a file, if it exists, without changing it. A file that was closed cleanly must be complete. A file that
     * was in use may have lost its end in a power cut, because H2 does not wait for the disk. In this case, H2
     * continues with the newest complete version.
     *
     * @param name name of the store for messages to users
     * @return what to write into the file before H2 opens it
     * @throws StoreException if a file that was closed cleanly has lost its end
     */
    static H2Recovery requireComplete(Path file, String name) {
        if (!Files.exists(file)) {
            return H2Recovery.NONE;
        }
        requireContent(file, name);
        try {
            return H2FileHeader.of(file).isClean() ? closed(file, name) : recovery(file);
        } catch (MVStoreException failure) {
            Optional<AccessFailure> accessFailure = AccessFailure.in(failure);
            if (accessFailure.isPresent()) {
                throw accessFailure.get().exception(name, failure);
            }
            if (failure.getErrorCode() == DataUtils.ERROR_READING_FAILED) {
                throw unreadable(name, failure);
            }
            return H2Recovery.NONE; // Store.open reports all other problems.
        } catch (IOException failure) {
            throw unreadable(name, failure);
        } catch (OutOfMemoryError failure) {
            throw AccessFailure.TOO_LITTLE_MEMORY.exception(name, failure);
        } catch (RuntimeException | AssertionError failure) { // a damaged header makes H2 fail in many ways
            throw failure instanceof StoreException known ? known : StoreException.damaged(name, failure);
        }
    }

    /** The version that the header of a file names. */
    private static long named(H2ReadOnlyFile file) {
        return DataUtils.readHexLong(file.header(), "version", 0);
    }

    private static void requireEnd(Path file, String name) throws IOException {
        try (H2ReadOnlyFile opened = H2ReadOnlyFile.open(file.toString(), false)) {
            if (named(opened) > opened.version() || lengthInUse(opened) > Files.size(file)) {
                throw StoreException.damaged(name, new EOFException(file + " has lost its end"));
            }
        }
    }

    /** The recovery of a file that was closed cleanly. */
    private static H2Recovery closed(Path file, String name) throws IOException {
        try {
            requireEnd(file, name);
            return H2Recovery.NONE;
        } catch (MVStoreException | StoreException failure) {
            if (!AccessFailure.mayBeDamage(failure)) {
                throw failure;
            }
            return H2Recovery.ofClosed(file).orElseThrow(() -> failure);
        }
    }

    /** The recovery of a file that was not closed cleanly. */
    private static H2Recovery recovery(Path file) throws IOException {
        H2ChunkScan scan = H2ChunkScan.of(file);
        try (H2ReadOnlyFile opened = H2ReadOnlyFile.open(file.toString(), false)) {
            return H2Recovery.of(file, scan, Math.max(named(opened), scan.newestVersion()), opened.version());
        } catch (RuntimeException | AssertionError | OutOfMemoryError failure) {
            H2Recovery recovery = AccessFailure.mayBeDamage(failure)
                    ? H2Recovery.of(file, scan, scan.newestVersion(), 0)
                    : H2Recovery.NONE;
            if (recovery.writes().isEmpty()) {
                throw failure;
            }
            return recovery;
        }
    }

    private static void requireContent(Path file, String name) {
        try {
            if (Files.size(file) == 0) {
                throw StoreException.damaged(name, new EOFException(file + " is empty"));
            }
        } catch (IOException failure) {
            throw unreadable(name, failure);
        }
    }

    private static StoreException unreadable(String name, Exception failure) {
        return failure instanceof EOFException
                        || (failure instanceof MVStoreException
                                && AccessFailure.in(failure).isEmpty())
                ? StoreException.damaged(name, failure)
                : AccessFailure.DISK_ERROR.exception(name, failure);
    }

    /** The end of the last chunk in the file, in bytes. */
    private static long lengthInUse(H2ReadOnlyFile file) {
        return H2Chunk.of(file.layout()).mapToLong(H2Chunk::end).max().orElse(0);
    }
}
