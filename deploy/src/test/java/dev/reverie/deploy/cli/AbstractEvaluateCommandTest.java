package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.dataset.NpzFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Evaluates a small set on a small folder of images, and captures the output. */
abstract class AbstractEvaluateCommandTest {

    final CapturedTerminal terminal = new CapturedTerminal();
    String dataset = "";
    Path set = Path.of("set.npz");

    @BeforeEach
    void makeDataAndSet(@TempDir Path folder) throws IOException {
        dataset = TinyImageFolder.writeTo(folder.resolve("data"));
        set = folder.resolve("set.npz");
        NpzFile.write(setOf(new ImageShape(1, 8, 8)), set);
    }

    void refuses(String message, String... options) {
        CapturedTerminal own = new CapturedTerminal();
        assertThat(own.run(arguments(options))).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(own.err()).startsWith("reverie: ").contains(message).hasLineCount(1);
        assertThat(own.out()).isEmpty();
    }

    int run(String... options) {
        return terminal.run(arguments(options));
    }

    String succeeds(String... options) {
        return terminal.succeeds(arguments(options));
    }

    String[] arguments(String... options) {
        List<String> arguments = new ArrayList<>(List.of("evaluate", set.toString(), "--dataset", dataset));
        arguments.addAll(List.of(options));
        return arguments.toArray(String[]::new);
    }

    static DistilledSet setOf(ImageShape shape) {
        float[] values = new float[2 * shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 7 / 7f;
        }
        ImageBatch images = ImageBatch.of(shape, values);
        Normalisation normalisation = new Normalisation(List.of(0.5), List.of(0.25));
        return new DistilledSet(
                images,
                List.of(0, 1),
                images,
                List.of(0, 1),
                1,
                normalisation,
                ClassList.of(List.of("lower", "upper")));
    }
}
