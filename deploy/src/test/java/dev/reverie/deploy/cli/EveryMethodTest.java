package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.PictureFolder;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.method.MatchingEngine;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Every method")
class EveryMethodTest {

    private static final Path PAGE = Path.of("..", "docs", "methods.md");

    private final CapturedTerminal terminal = CapturedTerminal.with(MatchingEngine::open, (_, _) -> {
        throw new AssertionError("no service is wanted");
    });
    private Path folder = Path.of("");
    private String dataset = "";

    @BeforeEach
    void makeData(@TempDir Path temporary) throws IOException {
        folder = temporary;
        dataset = PictureFolder.writeTo(temporary.resolve("data"));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("distils a small dataset to a set of its classes, and what learns moves the images")
    void distils(Method method) {
        // when
        DistilledSet set = distil(method, 2);

        // then
        assertThat(set.classNames()).hasSize(2);
        assertThat(set.parameters().count()).isEqualTo(4);
        assertThat(set.factor()).isEqualTo(Presets.defaultFactor(method));
        float[] begun = distil(method, 0).parameters().toArray();
        assertThat(Arrays.equals(set.parameters().toArray(), begun)).isEqualTo(!method.learns());
    }

    private DistilledSet distil(Method method, int outerIterations) {
        Path out = folder.resolve(method.label() + outerIterations);
        int exitCode = terminal.run(
                "distill",
                "--dataset",
                dataset,
                "--method",
                method.label(),
                "--ipc",
                "2",
                "--width",
                "4",
                "--inner-loops",
                "2",
                "--outer-iterations",
                Integer.toString(outerIterations),
                "--out",
                out.toString());
        assertThat(exitCode).as(terminal.err()).isZero();
        return NpzFile.read(out.resolve("synthetic.npz"));
    }

    @Test
    @DisplayName("stands in the table of methods with its factor")
    void isDocumented() throws IOException {
        String page = Files.readString(PAGE);

        for (Method method : Method.values()) {
            assertThat(page)
                    .containsPattern(
                            "(?m)^\\| `" + method.label() + "` \\|.* \\| " + Presets.defaultFactor(method) + " \\|$");
        }
    }
}
