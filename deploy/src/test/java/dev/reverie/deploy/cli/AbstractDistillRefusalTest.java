package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.TinyImageFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs the command on a small dataset, where it must not begin to work. */
abstract class AbstractDistillRefusalTest {

    final CapturedTerminal terminal = new CapturedTerminal();
    String dataset = "";
    Path out = Path.of("out");

    @BeforeEach
    void makeData(@TempDir Path folder) throws IOException {
        dataset = TinyImageFolder.writeTo(folder.resolve("data"));
        out = folder.resolve("out");
    }

    void refuses(String message, String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("distill", "--dataset", dataset, "--out", out.toString(), "--json"));
        arguments.addAll(List.of(options));

        assertThat(terminal.run(arguments.toArray(String[]::new))).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err()).startsWith("reverie: ").contains(message).hasLineCount(1);
        assertThat(terminal.out()).isEmpty();
    }
}
