package dev.reverie.streams.folder;

import dev.reverie.streams.decode.IngestLimits;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The settings of a watched folder.
 *
 * @param root folder whose subfolders are named by labels
 * @param after what to do with a file that was accepted or refused
 * @param limits of one file, whose size is limited like that of a request body. Up to six of the largest are in memory
 *     at once, decoded
 * @param samples maximum number of samples in one delivery, with 64 KiB for each
 * @param window how long a file waits for others of the same delivery
 * @param settle a file is complete if it did not change between two scans at least this far apart
 * @param rescan interval of scans without a change notification
 */
public record FolderSettings(
        Path root, After after, IngestLimits limits, int samples, Duration window, Duration settle, Duration rescan) {

    /** What happens to a file after its delivery. */
    public enum After {
        /** The file stays where it is. */
        LEAVE,
        /** The file moves to {@code .done}, or to {@code .refused} with a text file that contains the reason. */
        MOVE,
        /** Accepted files are deleted, refused ones move to {@code .refused}. */
        DELETE
    }

    public FolderSettings {
        if (samples < 1) {
            throw new IllegalArgumentException("the number of samples per delivery must be at least 1, got " + samples);
        }
        if (!window.isPositive() || !settle.isPositive() || rescan.compareTo(settle) < 0) {
            throw new IllegalArgumentException(
                    "window and settle must be positive, and rescan at least as long as settle, got " + window + ", "
                            + settle + " and " + rescan);
        }
    }

    /** The default settings for a folder: files are complete after half a second without a change. */
    public static FolderSettings of(Path root, After after) {
        return new FolderSettings(
                root,
                after,
                IngestLimits.defaults(),
                256,
                Duration.ofMillis(50),
                Duration.ofMillis(500),
                Duration.ofSeconds(10));
    }

    /** The same settings with other limits. */
    public FolderSettings with(IngestLimits others) {
        return new FolderSettings(root, after, others, samples, window, settle, rescan);
    }
}
