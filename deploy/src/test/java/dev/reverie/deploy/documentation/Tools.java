package dev.reverie.deploy.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * Programs that the documentation assumes. If one is missing, the tests are skipped, or fail if the environment has
 * {@code REVERIE_TEST_PROGRAMS=required}.
 *
 * @param python a Python with NumPy
 */
record Tools(String python) {

    private static final List<String> PYTHONS = List.of("python3", "/usr/bin/python3");
    private static final List<List<String>> OTHERS = List.of(
            List.of("bash", "--version"),
            List.of("curl", "--version"),
            List.of("openssl", "version"),
            List.of("pg_dump", "--version"),
            List.of("promtool", "--version"),
            List.of("ss", "--version"));

    static Tools ofThisMachine() throws InterruptedException {
        for (List<String> program : OTHERS) {
            if (!works(program)) {
                return missing(program.getFirst());
            }
        }
        for (String python : PYTHONS) {
            if (works(List.of(python, "-c", "import numpy"))) {
                return new Tools(python);
            }
        }
        return missing("a Python with NumPy");
    }

    private static Tools missing(String program) {
        String reason = "following the documentation needs " + program + ": .ci/run shows how to install it";
        assertThat(System.getenv("REVERIE_TEST_PROGRAMS")).as(reason).isNotEqualTo("required");
        return Assumptions.abort(reason);
    }

    private static boolean works(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException _) {
            return false;
        }
    }
}
