package dev.reverie.deploy.packaging;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * Runs programs of the machine that validate a format. If a program is not installed, the test is skipped, or fails if
 * {@code REVERIE_TEST_PROGRAMS=required} is set.
 */
final class PackagingTool {

    private PackagingTool() {}

    /** The exit code of a program and its output. */
    record Result(int exitCode, String output) {}

    /** Runs {@code command}, whose program belongs to {@code debianPackage}. */
    static Result run(String debianPackage, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        Process process;
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException e) {
            String reason = "this test needs " + command[0] + ": install the Debian package " + debianPackage;
            return "required".equals(System.getenv("REVERIE_TEST_PROGRAMS"))
                    ? fail(reason, e)
                    : Assumptions.abort(reason);
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
