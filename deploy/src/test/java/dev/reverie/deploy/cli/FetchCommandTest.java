package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("fetch rejects")
class FetchCommandTest {

    private final CapturedTerminal terminal = new CapturedTerminal();

    @Test
    @DisplayName("an unknown dataset, and lists the known ones")
    void unknown(@TempDir Path folder) {
        Path to = folder.resolve("to");

        assertThat(terminal.run("fetch", "fashion", "--to", to.toString())).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err()).contains("'fashion'", "fashion-mnist").hasLineCount(1);
        assertThat(to).doesNotExist();
    }

    @Test
    @DisplayName("a folder that cannot be created")
    void fileInTheWay(@TempDir Path folder) throws IOException {
        Path to = Files.writeString(folder.resolve("to"), "a file");

        assertThat(terminal.run("fetch", "mnist", "--to", to.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(terminal.err().strip())
                .isEqualTo("reverie: the file " + to + " already exists: remove it, or choose another name.");
        assertThat(terminal.out()).isEmpty();
    }

    @Test
    @DisplayName("a missing dataset")
    void missing() {
        assertThat(terminal.run("fetch")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err()).contains("'DATASET'").hasLineCount(1);
    }
}
