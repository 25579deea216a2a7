package dev.reverie.actors.store;

import java.util.Optional;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;

/**
 * Tells whether data that cannot be read makes the compaction of an H2 file fail. When the failed write of another
 * thread closes the database, the compaction fails too, in one of many ways, but works again after H2 has opened the
 * file again. Not thread safe.
 */
final class DamageSuspicion {

    private boolean suspected;

    /** Whether a failure shows that data is damaged, alone or together with a failure since the last success. */
    boolean isConfirmedBy(Exception failure) {
        if (!(failure instanceof RuntimeException)
                || isClosed(failure)
                || StoreFailure.of(failure) == StoreFailure.FULL
                || AccessFailure.in(failure).isPresent()) {
            return false;
        }
        boolean confirmed = suspected || StoreFailure.of(failure) == StoreFailure.DAMAGED;
        suspected = true;
        return confirmed;
    }

    /** Must be called after a round of the compaction without a failure. */
    void clear() {
        suspected = false;
    }

    /** Whether the file is closed; H2 reports a write to a closed file as one that failed without a cause. */
    private static boolean isClosed(Exception failure) {
        return failure instanceof MVStoreException file
                && (file.getErrorCode() == DataUtils.ERROR_CLOSED
                        || (file.getErrorCode() == DataUtils.ERROR_WRITING_FAILED
                                && Optional.ofNullable(file.getCause()).isEmpty()));
    }
}
