package dev.reverie.deploy.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.PythonClient;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * Programs that the documentation assumes. If one is missing, the tests are skipped, or fail if the environment has
 * {@code REVERIE_TEST_PROGRAMS=required}.
 */
final class Tools {

    private static final List<List<String>> PROGRAMS = List.of(
            List.of("bash", "--version"),
            List.of("curl", "--version"),
            List.of("openssl", "version"),
            List.of("pg_dump", "--version"),
            List.of("promtool", "--version"),
            List.of("ss", "--version"));

    private Tools() {}

    static void require() throws InterruptedException {
        for (List<String> program : PROGRAMS) {
            if (!works(program)) {
                String reason =
                        "following the documentation needs " + program.getFirst() + ": .ci/run shows how to install it";
                assertThat(System.getenv("REVERIE_TEST_PROGRAMS")).as(reason).isNotEqualTo("required");
                Assumptions.abort(reason);
            }
        }
        PythonClient.require("ensurepip", "numpy", "setuptools", "torch", "wheel");
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
