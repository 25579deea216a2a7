package dev.reverie.deploy.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An external program")
@Timeout(120)
class ExternalProgramTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    @DisplayName("runs in its folder, and gets no input, so that it does not wait for any")
    void hasNoInput() throws IOException {
        run("sh", "-c", "cat; touch done");

        assertThat(folder.resolve("done")).exists();
    }

    @Test
    @DisplayName("that is not found is not installed")
    void notInstalled() {
        assertThatThrownBy(() -> run("no-such-program"))
                .isInstanceOf(IOException.class)
                .hasMessage("no-such-program is not installed");
    }

    @Test
    @DisplayName("that is found but cannot be started is not reported as missing")
    void cannotBeStarted() throws IOException {
        Path script = Files.writeString(folder.resolve("script"), "not executable");

        assertThatThrownBy(() -> ExternalProgram.run(folder.resolve("missing"), List.of("sh", "-c", "true")))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("sh cannot be started: ")
                .hasMessageContaining("missing");
        assertThatThrownBy(() -> run(script.toString()))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(script + " cannot be started: ");
    }

    @Test
    @DisplayName("that exceeds the time limit is reported as too slow")
    void tooSlow() {
        assertThatThrownBy(() -> ExternalProgram.run(folder, List.of("sleep", "600"), Duration.ofMillis(100)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("sleep did not finish within");
    }

    @Test
    @DisplayName("that fails is reported with its own error in any encoding")
    void fails() {
        assertThatThrownBy(() -> run("sh", "-c", "printf 'E: caf\\351 is closed\\n' >&2; exit 3"))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("sh failed: E: caf. is closed");
    }

    private void run(String... command) throws IOException {
        ExternalProgram.run(folder, List.of(command));
    }
}
