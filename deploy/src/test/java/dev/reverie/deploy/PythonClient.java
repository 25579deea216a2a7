package dev.reverie.deploy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.commons.io.FileUtils;

/** The sources of the Python client, and the Python in which the documentation installs it. */
public final class PythonClient {

    /** The Python of the system, whose packages a virtual environment can use. */
    public static final String PYTHON = "/usr/bin/python3";

    private static final Path SOURCES = Path.of("..", "clients", "python");
    /** Names of files and folders that builds and tests leave between the sources. */
    private static final Set<String> LEFTOVERS =
            Set.of("build", "dist", "reverie_client.egg-info", "__pycache__", ".pytest_cache", ".mypy_cache");

    private PythonClient() {}

    /** Copies the sources, so that a build leaves nothing between them. */
    public static void copyTo(Path folder) throws IOException {
        FileUtils.copyDirectory(SOURCES.toFile(), folder.toFile(), file -> !LEFTOVERS.contains(file.getName()));
    }

    /**
     * Checks that the Python of the system has modules. If one is missing, the test is skipped, or fails if the
     * environment has {@code REVERIE_TEST_PROGRAMS=required}.
     */
    public static void require(String... modules) throws InterruptedException {
        String imports = String.join(", ", modules);
        TestPrograms.require(
                List.of(PYTHON, "-c", "import " + imports),
                PYTHON + " cannot import " + imports + ": .ci/run shows how to install them");
    }
}
