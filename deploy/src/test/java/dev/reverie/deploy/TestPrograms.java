package dev.reverie.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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
