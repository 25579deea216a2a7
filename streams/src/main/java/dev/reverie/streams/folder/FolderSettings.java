package dev.reverie.streams.folder;

import dev.reverie.gpu.dataset.Resizing;
import dev.reverie.streams.decode.IngestLimits;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings of a watched folder.
 *
 * @param root folder whose subfolders are named after labels
 * @param after what to do with a file that was accepted or refused
 * @param followLinks whether to follow symbolic links whose target is below the root; others are refused
 * @param limits limits on one file, whose content is treated like a request body. Up to six decoded files of the
 *     maximum size can be in memory at once
 * @param resizing brings all images to one size; if empty, they keep their sizes
 * @param samples maximum number of samples in one delivery; the size of the delivery is also limited to 64 KiB times
 *     this number
 * @param window maximum time that a file waits for other files to share its delivery
 * @param settle time after which a file is complete if it has not changed, and about the least time between two scans
 * @param rescan interval between scans if no changes are reported
 */
@RecordBuilder
@RecordBuilder.Options(addClassRetainedGenerated = true, addFunctionalMethodsToWith = false)
public record FolderSettings(
        Path root,
        After after,
        boolean followLinks,
        IngestLimits limits,
        Optional<Resizing> resizing,
        int samples,
        Duration window,
        Duration settle,
        Duration rescan)
        implements FolderSettingsBuilder.With {

    /** What happens to a file after its delivery. */
    public enum After {
        /** The file stays where it is. */
        LEAVE,
        /** The file moves to {@code .done}, or to {@code .refused} with a text file that contains the reason. */
        MOVE,
        /** Accepted files are deleted, and refused files move to {@code .refused}. */
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

    /**
     * Returns the default settings for a folder. With them, a file is complete after half a second without a change.
     */
    public static FolderSettings of(Path root, After after) {
        return new FolderSettings(
                root,
                after,
                false,
                IngestLimits.defaults(),
                Optional.empty(),
                256,
                Duration.ofMillis(50),
                Duration.ofMillis(500),
                Duration.ofSeconds(10));
    }
}
