package dev.reverie.lab.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.cli.CapturedTerminal;
import dev.reverie.deploy.cli.ExitCode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The command line")
class ReverieCommandLineTest {

    private final CapturedTerminal terminal = new CapturedTerminal();

    @Test
    @DisplayName("prints its version on stdout")
    void version() {
        terminal.succeeds("--version");
        assertThat(terminal.out())
                .startsWith("reverie ")
                .contains("Java " + Runtime.version())
                .hasLineCount(1);
    }

    @Test
    @DisplayName("prints the origin of the build and its engines with --version --verbose")
    void origin() {
        terminal.succeeds("--version", "--verbose");
        assertThat(terminal.out()).contains("commit: ", "built with: JDK ", "engines: nd4j");
        assertThat(terminal.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "distill", "bench step"})
    @DisplayName("explains itself, commands and their subcommands, with examples")
    void help(String command) {
        terminal.succeeds((command + " --help").strip().split(" "));
        assertThat(terminal.out()).contains("Usage: reverie", "Example");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    distil                                | unknown command 'distil'; did you mean distill? See reverie --help.
                    bench stepp                           | unknown command 'stepp'; did you mean step? See reverie bench --help.
                    fetch mnist extra                     | unexpected argument 'extra'. See reverie fetch --help.
                    distill --datset mnist --out x        | unknown option --datset; did you mean --dataset? See reverie distill --help.
                    distill --dataset=mnist --ot=x        | unknown option --ot; did you mean --out? See reverie distill --help.
                    serve --prot 9000                     | unknown option --prot; did you mean --port? See reverie serve --help.
                    serve --xyzzy                         | unknown option --xyzzy. See reverie serve --help.
                    distill --dataset mnist               | Missing required option: '--out=DIR'. See reverie distill --help.
                    distill --time-limit soon --out x     | Invalid value for option '--time-limit': 'soon' is not a duration; write for example 90s, 5m or 1h30m. See reverie distill --help.
                    evaluate x --dataset d --recipe idk   | Invalid value for option '--recipe': unknown recipe 'idk'; did you mean idc? The recipes are idc, dc, dm, mtt, dance, ddr, rded. See reverie evaluate --help.
                    distill --preset slow                 | Invalid value for option '--preset': unknown preset 'slow'. The presets are quick, paper. See reverie distill --help.
                    """)
    @DisplayName("explains mistakes in one sentence, with the nearest option, command or value")
    void mistakes(String arguments, String explanation) {
        assertThat(terminal.run(arguments.split(" "))).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err()).isEqualToNormalizingNewlines("reverie: " + explanation + "\n");
        assertThat(terminal.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bench"})
    @DisplayName("shows the help when no command is given, and exits with 2")
    void noCommand(String group) {
        assertThat(terminal.run(group.isEmpty() ? new String[0] : new String[] {group}))
                .isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err()).contains("Usage: reverie", "Commands:", "Example");
        assertThat(terminal.out()).isEmpty();
    }

    @Test
    @DisplayName("refers to the launcher for the tests and the archive")
    void launcherCommands() {
        assertThat(terminal.run("test")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.run("package")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err().lines())
                .satisfiesExactly(line -> assertThat(line).contains("./reverie test"), line -> assertThat(line)
                        .contains("./reverie package"));
    }
}
