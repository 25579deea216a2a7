package dev.reverie.actors.store;

import java.io.EOFException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a file of H2 has lost its end, as a copy that was cut short has. H2 itself takes such a file for one
 * whose last writing was interrupted, goes back to the newest state that is whole, be it an empty one, and says
 * nothing; but the file's header tells how far it was written.
 */
final class H2TruncationCheck {

    private static final Logger LOG = LoggerFactory.getLogger(H2TruncationCheck.class);

    private H2TruncationCheck() {}

    /**
     * Looks at a file, if there is one, and changes nothing. A file that was closed in order has no reason to miss its
     * end. One that was in use may miss it after a power cut, as H2 does not wait for the disk: that is told, and H2
     * may go on with what is left.
     *
     * @param name of the store, as users know it
     * @throws StoreException if the end is lost
     */
    static void require(Path file, String name) {
        if (!Files.exists(file)) {
            return;
        }
        try (MVStore store =
                new MVStore.Builder().fileName(file.toString()).readOnly().open()) {
            Map<String, Object> header = store.getFileStore().getStoreHeader();
            long missing = DataUtils.readHexLong(header, "version", 0) - store.getCurrentVersion();
            if (missing > 0 && header.containsKey("clean")) {
                throw StoreException.damaged(name, new EOFException(file + " ends too early"));
            }
            if (missing > 0) {
                LOG.warn("The store {} has lost the last {} writings, and goes on without them", name, missing);
            }
        } catch (MVStoreException failure) {
            if (failure.getErrorCode() == DataUtils.ERROR_READING_FAILED) {
                throw StoreException.damaged(name, failure);
            }
            // whatever else is wrong with it is said when it is opened
        }
    }
}
