package dev.reverie.lab.documentation;

import dev.reverie.deploy.PythonClient;
import dev.reverie.deploy.TestPrograms;
import java.util.List;

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
            TestPrograms.require(
                    program,
                    "following the documentation needs " + program.getFirst() + ": .ci/run shows how to install it");
        }
        PythonClient.require("ensurepip", "numpy", "setuptools", "torch", "wheel");
    }
}
