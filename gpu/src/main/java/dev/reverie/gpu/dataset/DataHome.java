package dev.reverie.gpu.dataset;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The default location of datasets: one folder per dataset below {@code root}, and one for resized images.
 *
 * @param root {@code $REVERIE_DATA} if set, otherwise {@code ~/.cache/reverie}
 */
public record DataHome(Path root) {

    /** The environment variable that overrides the root of the data folders. */
    public static final String VARIABLE = "REVERIE_DATA";

    /** Returns the default location for the user of this process. */
    public static DataHome standard() {
        return from(System.getenv(), Path.of(System.getProperty("user.home", ".")));
    }

    static DataHome from(Map<String, String> environment, Path userHome) {
        return new DataHome(Optional.ofNullable(environment.get(VARIABLE))
                .filter(value -> !value.isBlank())
                .map(Path::of)
                .orElseGet(() -> userHome.resolve(".cache").resolve("reverie")));
    }

    /** The folder of a dataset, which need not exist. */
    public Path folderOf(String dataset) {
        return root.resolve(dataset);
    }
}
