package dev.reverie.deploy.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Samples from a folder. */
public record WatchConfig(Path folder, After after) {

    /** What becomes of a file. */
    public enum After {
        /** It stays where it is. */
        LEAVE,
        /** To {@code .done}, or with the reason to {@code .refused}. */
        MOVE,
        /** It is deleted if it was taken in, else moved to {@code .refused}. */
        DELETE;

        String spelling() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** None unless a folder is named. */
    static Optional<WatchConfig> read(Section watch) {
        After after = watch.oneOf("after", List.of(After.values()), After::spelling);
        return watch.optionalPath("folder").map(folder -> new WatchConfig(folder, after));
    }
}
