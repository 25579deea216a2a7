package dev.reverie.monitoring;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * Prometheus's own linter. Tests of it are skipped where it is missing, unless the environment says
 * {@code REVERIE_TEST_PROGRAMS=required}.
 */
final class Promtool {

    private Promtool() {}

    /** What it says; it ends with 0 if it has no complaint. */
    record Verdict(int exitCode, String said) {}

    static Verdict run(String input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Process promtool = start(command);
        promtool.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        promtool.getOutputStream().close();
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Verdict(promtool.waitFor(), said);
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
