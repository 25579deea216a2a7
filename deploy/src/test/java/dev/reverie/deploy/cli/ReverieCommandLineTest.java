package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The command line")
class ReverieCommandLineTest {

    private final CapturedTerminal terminal = new CapturedTerminal();

    @Test
    @DisplayName("says its version on stdout")
    void version() {
        assertThat(terminal.run("--version")).isEqualTo(ExitCode.DONE);
        assertThat(terminal.out()).startsWith("reverie ").contains("Java " + Runtime.version());
        assertThat(terminal.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "demo",
                "fetch",
                "evaluate",
                "distill",
                "bench",
                "bench step",
                "bench embed",
                "bench cluster",
                "bench train",
                "bench loop",
                "bench profile",
                "test",
                "package"
            })
    @DisplayName("explains every command with examples")
    void help(String command) {
        assertThat(terminal.run((command + " --help").strip().split(" "))).isEqualTo(ExitCode.DONE);
        assertThat(terminal.out()).contains("Usage: reverie", "Example");
    }

    @Test
    @DisplayName("names the nearest command when there is no such command")
    void suggestsCommand() {
        assertThat(terminal.run("distil")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err())
                .startsWith("reverie: Unmatched argument at index 0: 'distil'. Did you mean distill")
                .hasLineCount(1);
    }

    @Test
    @DisplayName("says which command is missing when none is given")
    void missingCommand() {
        assertThat(terminal.run()).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err()).contains("Missing required subcommand").hasLineCount(1);
    }

    @Test
    @DisplayName("leaves the tests and the archive to the launcher and says so")
    void launchersCommands() {
        assertThat(terminal.run("test")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.run("package")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err().lines())
                .satisfiesExactly(line -> assertThat(line).contains("./reverie test"), line -> assertThat(line)
                        .contains("./reverie package"));
    }
}
