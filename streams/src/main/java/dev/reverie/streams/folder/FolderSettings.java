package dev.reverie.streams.folder;

import dev.reverie.streams.decode.IngestLimits;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Which folder is watched, and how.
 *
 * @param root whose subfolders are named by labels
 * @param after what becomes of a file that is durable or refused
 * @param limits of one file, which has at most as many bytes as a body may have. Up to six of the largest, unpacked,
 *     are in hand at once
 * @param samples that are admitted together at most, and 64 KiB for each
 * @param window that files wait for others to be admitted with
 * @param settle a file is complete when it was not written to between two looks at least so far apart
 * @param rescan after which the folder is looked through even if the system told of no change
 */
public record FolderSettings(
        Path root, After after, IngestLimits limits, int samples, Duration window, Duration settle, Duration rescan) {

    /** What becomes of a file. */
    public enum After {
        /** It stays where it is. */
        LEAVE,
        /** To {@code .done}, or to {@code .refused} with the reason in a text file beside it. */
        MOVE,
        /** Durable ones are deleted, refused ones go to {@code .refused}. */
        DELETE
    }

    public FolderSettings {
        if (samples < 1) {
            throw new IllegalArgumentException("at least one sample is admitted at once, got " + samples);
        }
        if (!window.isPositive() || !settle.isPositive() || rescan.compareTo(settle) < 0) {
            throw new IllegalArgumentException(
                    "want a window and a time to settle, and looks that are no less apart, got " + window + ", "
                            + settle + " and " + rescan);
        }
    }

    /** A folder with all else as it suits most: files are complete after half a second of quiet. */
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

    /** The same with other limits. */
    public FolderSettings with(IngestLimits others) {
        return new FolderSettings(root, after, others, samples, window, settle, rescan);
    }
}
