package dev.reverie.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Other programs that tests need. */
public final class TestPrograms {

    private TestPrograms() {}

    /**
     * Checks that a command succeeds. If it does not, the test is skipped, or fails if the environment has
     * {@code REVERIE_TEST_PROGRAMS=required}.
     *
     * @param reason what is missing, and how to install it
     */
    public static void require(List<String> command, String reason) throws InterruptedException {
        if (!works(command)) {
            assertThat(System.getenv("REVERIE_TEST_PROGRAMS")).as(reason).isNotEqualTo("required");
            Assumptions.abort(reason);
        }
    }

    /** Requires that promtool, the linter of Prometheus, finds no fault with metrics. */
    public static void requireSoundMetrics(byte[] metrics) throws IOException, InterruptedException {
        assertThat(promtool(metrics, "check", "metrics")).isEmpty();
    }

    /** Runs promtool, which must succeed, and returns what it prints. */
    public static String promtool(byte[] input, String... arguments) throws IOException, InterruptedException {
        require(List.of("promtool", "--version"), "this test needs promtool: install the Debian package prometheus");
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Process promtool = new ProcessBuilder(command).redirectErrorStream(true).start();
        promtool.getOutputStream().write(input);
        promtool.getOutputStream().close();
        String output = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor()).as(output).isZero();
        return output;
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
