package dev.reverie.deploy.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * Runs Python with NumPy. If it is missing, tests are skipped, or fail if {@code REVERIE_TEST_PROGRAMS=required} is
 * set, as in continuous integration.
 */
final class Python {

    private static final List<String> CANDIDATES = List.of("python3", "/usr/bin/python3");

    private final String command;

    private Python(String command) {
        this.command = command;
    }

    static Python withNumpy() throws InterruptedException {
        for (String candidate : CANDIDATES) {
            if (hasNumpy(candidate)) {
                return new Python(candidate);
            }
        }
        String reason = "this test needs a Python with NumPy: install the Debian package python3-numpy";
        assertThat(System.getenv("REVERIE_TEST_PROGRAMS")).as(reason).isNotEqualTo("required");
        return Assumptions.abort(reason);
    }

    /** Runs a script and returns what it prints. */
    String run(String script, String argument) throws IOException {
        Process python = new ProcessBuilder(command, "-c", script, argument)
                .redirectErrorStream(true)
                .start();
        return new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    private static boolean hasNumpy(String candidate) throws InterruptedException {
        try {
            return new ProcessBuilder(candidate, "-c", "import numpy")
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            return false;
        }
    }
}
