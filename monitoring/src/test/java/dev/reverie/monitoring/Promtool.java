package dev.reverie.monitoring;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * Runs promtool, the linter of Prometheus. Without it, tests are skipped, or fail if the environment sets
 * {@code REVERIE_TEST_PROGRAMS=required}.
 */
final class Promtool {

    private Promtool() {}

    /** The exit code, which is 0 without a complaint, and the output. */
    record Result(int exitCode, String output) {}

    static Result run(String input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Process promtool = start(command);
        promtool.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        promtool.getOutputStream().close();
        String output = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(promtool.waitFor(), output);
    }

    private static Process start(List<String> command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            String reason = "this test needs promtool: install the Debian package prometheus";
            return "required".equals(System.getenv("REVERIE_TEST_PROGRAMS"))
                    ? fail(reason, e)
                    : Assumptions.abort(reason);
        }
    }
}
