package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.TinyImageFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs the command on a small dataset, where it must not begin to work, nor write any file but a lock. */
abstract class AbstractDistillRefusalTest {

    final CapturedTerminal terminal = new CapturedTerminal();
    String dataset = "";
    Path out = Path.of("out");
    private Path folder = Path.of("");

    @BeforeEach
    void makeData(@TempDir Path temporary) throws IOException {
        folder = temporary;
        dataset = TinyImageFolder.writeTo(folder.resolve("data"));
        out = folder.resolve("out");
    }

    void refuses(String message, String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("distill", "--dataset", dataset, "--out", out.toString(), "--json"));
        arguments.addAll(List.of(options));
        Map<Path, ByteBuffer> before = files();

        assertThat(terminal.run(arguments.toArray(String[]::new))).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err().lines().filter(line -> !line.startsWith("Reading ")))
                .singleElement()
                .asString()
                .startsWith("reverie: ")
                .contains(message);
        assertThat(terminal.out()).isEmpty();
        assertThat(files()).isEqualTo(before);
    }

    private Map<Path, ByteBuffer> files() {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith(".lock"))
                    .collect(Collectors.toMap(Function.identity(), AbstractDistillRefusalTest::content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteBuffer content(Path file) {
        try {
            return ByteBuffer.wrap(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
