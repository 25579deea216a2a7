package dev.reverie.deploy.config;

import dev.reverie.streams.folder.FolderSettings.After;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Samples from a folder. */
public record WatchConfig(Path folder, After after) {

    /** None unless a folder is named. */
    static Optional<WatchConfig> read(ConfigSection watch) {
        After after = watch.oneOf(
                "after", List.of(After.values()), each -> each.name().toLowerCase(Locale.ROOT));
        return watch.optionalPath("folder").map(folder -> new WatchConfig(folder, after));
    }

    /**
     * Looks whether there is such a folder.
     *
     * @throws ConfigurationException if there is none, or it may not be read
     */
    public void requireFolder() {
        if (!Files.isDirectory(folder) || !Files.isReadable(folder)) {
            throw new ConfigurationException(
                    List.of("reverie.watch.folder: " + folder + " is no folder that can be read: create it"));
        }
    }
}
