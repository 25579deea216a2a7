package dev.reverie.deploy.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
    @DisplayName("gets no input, so that it does not wait for any")
    void hasNoInput() throws IOException {
        List<String> printed = new ArrayList<>();

        ExternalProgram.of(folder, List.of("sh", "-c", "cat; echo done"))
                .run(output -> printed.add(new String(output.readAllBytes(), StandardCharsets.UTF_8)));

        assertThat(printed).containsExactly("done\n");
    }

    @Test
    @DisplayName("that is not found is not installed")
    void notInstalled() {
        assertThatThrownBy(() ->
                        ExternalProgram.of(folder, List.of("no-such-program")).run())
                .isInstanceOf(IOException.class)
                .hasMessage("no-such-program is not installed");
    }

    @Test
    @DisplayName("that is found but cannot be started is not reported as missing")
    void cannotBeStarted() throws IOException {
        Path script = Files.writeString(folder.resolve("script"), "not executable");

        assertThatThrownBy(() -> ExternalProgram.of(folder.resolve("missing"), List.of("sh", "-c", "true"))
                        .run())
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("sh cannot be started: ")
                .hasMessageContaining("missing");
        assertThatThrownBy(() ->
                        ExternalProgram.of(folder, List.of(script.toString())).run())
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(script + " cannot be started: ");
    }

    @Test
    @DisplayName("that exceeds the time limit is reported as too slow, not by the lost end of its output")
    void tooSlow() {
        ExternalProgram slow = new ExternalProgram(folder, List.of("sleep", "600"), Duration.ofMillis(100));

        assertThatThrownBy(() -> slow.run(output -> {
                    if (output.read() < 0) {
                        throw new EOFException("the output has lost its end");
                    }
                }))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("sleep did not finish within");
    }

    @Test
    @DisplayName("that fails is reported with its own error in any encoding, not by the lost end of its output")
    void fails() {
        ExternalProgram failing =
                ExternalProgram.of(folder, List.of("sh", "-c", "printf 'E: caf\\351 is closed\\n' >&2; exit 3"));

        assertThatThrownBy(() -> failing.run(output -> {
                    if (output.read() < 0) {
                        throw new EOFException("the output has lost its end");
                    }
                }))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("sh failed: E: caf. is closed");
    }
}
