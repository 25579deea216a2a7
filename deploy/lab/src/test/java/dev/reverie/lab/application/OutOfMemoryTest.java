package dev.reverie.lab.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.deploy.cli.CapturedTerminal;
import dev.reverie.deploy.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A run whose memory runs out")
class OutOfMemoryTest {

    private final CapturedTerminal terminal = CapturedTerminal.with((_, _, _) -> {
        throw new OutOfMemoryError("Java heap space");
    });

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "distill | and add --resume if there is a checkpoint, or use a smaller --width.",
                "demo | or use a smaller --ipc.",
            })
    @DisplayName("is reported with what to do, by options that the command has")
    void namesOptionsOfTheCommand(String command, String remedy, @TempDir Path folder) throws IOException {
        String dataset = TinyImageFolder.writeTo(folder.resolve("data"));
        String out = folder.resolve("out").toString();

        int exitCode = terminal.run(command, "--dataset", dataset, "--ipc", "2", "--out", out);

        assertThat(exitCode).isEqualTo(ExitCode.FAILED);
        assertThat(terminal.err())
                .contains("reverie: out of memory; set for example REVERIE_JAVA_OPTS=-Xmx4g, " + remedy);
    }
}
