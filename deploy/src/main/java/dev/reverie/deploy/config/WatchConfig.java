package dev.reverie.deploy.config;

import dev.reverie.streams.folder.FolderSettings.After;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The settings of the folder ingest source.
 *
 * @param folder folder whose files are ingested
 * @param after what to do with a file that was accepted or refused
 */
public record WatchConfig(Path folder, After after) {

    /** Reads the settings; empty if no folder is configured. */
    static Optional<WatchConfig> read(ConfigSection watch) {
        After after = watch.oneOf(
                "after", List.of(After.values()), each -> each.name().toLowerCase(Locale.ROOT));
        return watch.optionalPath("folder").map(folder -> new WatchConfig(folder, after));
    }

    /**
     * Checks that the folder exists.
     *
     * @throws UncheckedIOException if the folder is missing, as when its drive is not mounted yet
     * @throws ConfigurationException if it is not a folder, or not readable
     */
    public void requireFolder() {
        if (Files.notExists(folder)) {
            throw new UncheckedIOException(new IOException("reverie.watch.folder: there is no folder " + folder
                    + ": mount its drive, create it, or correct its path"));
        }
        if (!Files.isDirectory(folder) || !Files.isReadable(folder) || !Files.isExecutable(folder)) {
            throw new ConfigurationException(List.of("reverie.watch.folder: " + folder
                    + " is not a readable folder: correct its path or its permissions"));
        }
    }
}
