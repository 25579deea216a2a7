package dev.reverie.streams.folder;

import dev.reverie.streams.decode.SafeExcerpt;
import dev.reverie.streams.service.Readiness;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a folder can be ingested. Logs a failure once, and not at each further attempt. Only one thread at a time may
 * call {@link #pass} and {@link #fail}; any thread may call {@link #current}.
 */
final class FolderReadiness {

    private static final Logger LOG = LoggerFactory.getLogger(FolderReadiness.class);

    private final Path root;
    private volatile Readiness.Check current =
            new Readiness.Check(FolderIngest.NAME, false, "has not been scanned yet");

    FolderReadiness(Path root) {
        this.root = root;
    }

    Readiness.Check current() {
        return current;
    }

    /** Notes that a scan has ended. */
    void pass() {
        current = new Readiness.Check(FolderIngest.NAME, true, "is watched");
    }

    /** Notes that the folder cannot be ingested until another attempt succeeds. */
    void fail(Throwable cause) {
        boolean isUnreadable = cause instanceof IOException;
        String problem = isUnreadable
                ? " cannot be scanned (" + SafeExcerpt.line(cause) + "): check its permissions; trying again"
                : " cannot be ingested (" + SafeExcerpt.line(cause) + "); trying again";
        Readiness.Check failed = new Readiness.Check(FolderIngest.NAME, false, SafeExcerpt.line(root) + problem);
        if (!failed.equals(current)) {
            if (isUnreadable) {
                LOG.warn(failed.detail());
            } else {
                LOG.warn(failed.detail(), cause);
            }
        }
        current = failed;
    }
}
