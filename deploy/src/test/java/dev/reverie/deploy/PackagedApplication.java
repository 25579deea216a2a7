package dev.reverie.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;

/** The application as the package phase makes it. */
public final class PackagedApplication {

    private static final Path JAR = Path.of("target", "reverie", "lib", "reverie.jar");
    private static final Path CLASSES = Path.of("target", "reverie", "classes.jsa");

    private PackagedApplication() {}

    public static Path jar() {
        assertThat(JAR).as("the application, made by the package phase").exists();
        return JAR.toAbsolutePath();
    }

    /** Options with which Java starts the application from its archive of classes, as the launcher does. */
    public static List<String> fromArchive() {
        return List.of("-XX:SharedArchiveFile=" + CLASSES.toAbsolutePath(), "-Xlog:cds*=off,aot*=off");
    }
}
