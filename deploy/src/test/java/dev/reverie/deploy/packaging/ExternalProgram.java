package dev.reverie.deploy.packaging;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/**
 * Programs of the machine that know a format better than we do. Where one is missing, a test that asks for it is
 * skipped, or fails if the environment says {@code REVERIE_TEST_PROGRAMS=required}.
 */
final class ExternalProgram {

    private ExternalProgram() {}

    /** How a program ended, and all it said. */
    record Verdict(int exitCode, String said) {}

    /** Runs {@code command}, the first word of which comes with {@code debianPackage}. */
    static Verdict run(String debianPackage, Map<String, String> environment, String... command)
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
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Verdict(process.waitFor(), said);
    }
}
