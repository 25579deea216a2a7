package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reverie.deploy.PictureFolder;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.dataset.SoftLabels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("evaluate")
class EvaluateCommandTest {

    private final CapturedTerminal terminal = new CapturedTerminal();
    private String dataset = "";
    private Path set = Path.of("set.npz");

    @BeforeEach
    void makeDataAndSet(@TempDir Path folder) throws IOException {
        dataset = PictureFolder.writeTo(folder.resolve("data"));
        set = folder.resolve("set.npz");
        NpzFile.write(setOf(new ImageShape(1, 8, 8)), set);
    }

    @Test
    @DisplayName("prints the accuracies as one JSON object")
    void json() throws IOException {
        assertThat(run("--epochs", "2", "--width", "4", "--repeats", "2", "--json"))
                .as(terminal.err())
                .isEqualTo(ExitCode.DONE);

        JsonNode summary = new ObjectMapper().readTree(terminal.out());
        assertThat(summary.get("accuracy").get("mean").doubleValue()).isBetween(0.0, 1.0);
        assertThat(summary.get("accuracy").get("values")).hasSize(2);
        assertThat(summary.get("settings").get("recipe").get("epochs").intValue())
                .isEqualTo(2);
        assertThat(summary.get("stored_images").intValue()).isEqualTo(2);
        assertThat(summary.get("test_images").intValue()).isEqualTo(12);
        assertThat(terminal.err()).isEmpty();
    }

    @Test
    @DisplayName("gives the same accuracies for the same seed")
    void deterministic() {
        run("--epochs", "2", "--width", "4", "--repeats", "1");
        CapturedTerminal again = new CapturedTerminal();
        again.run(arguments("--epochs", "2", "--width", "4", "--repeats", "1"));

        assertThat(terminal.out()).startsWith("accuracy ").isEqualTo(again.out());
    }

    @Test
    @DisplayName("trains on what the set's teacher says, and on the classes alone when asked to")
    void labels() throws IOException {
        List<String> options = new ArrayList<>(List.of("--epochs", "2", "--width", "4", "--repeats", "3"));
        String withoutTeacher = said(options);
        NpzFile.write(setOf(new ImageShape(1, 8, 8)).withSoftLabels(SoftLabels.of(2, new float[] {0, 1, 1, 0})), set);

        assertThat(said(options)).isNotEqualTo(withoutTeacher);
        options.addAll(List.of("--labels", "hard"));
        assertThat(said(options)).isEqualTo(withoutTeacher);
        refuses("there are no labels 'firm': write soft or hard", "--labels", "firm");
    }

    private String said(List<String> options) {
        CapturedTerminal own = new CapturedTerminal();
        own.run(arguments(options.toArray(String[]::new)));
        assertThat(own.out()).as(own.err()).startsWith("accuracy ");
        return own.out();
    }

    @Test
    @DisplayName("refuses a set that is not there")
    void missing() throws IOException {
        Files.delete(set);

        refuses("set.npz");
    }

    @Test
    @DisplayName("refuses a file that is no set")
    void damaged() throws IOException {
        Files.writeString(set, "no NPZ at all");

        refuses("set.npz");
    }

    @Test
    @DisplayName("refuses a set of another dataset")
    void otherDataset() throws IOException {
        NpzFile.write(setOf(new ImageShape(1, 4, 4)), set);

        refuses("holds 1x4x4 images, but " + dataset + " has 1x8x8: name the --dataset");
    }

    @Test
    @DisplayName("refuses a network it does not know")
    void unknownNetwork() {
        refuses("there is no network 'resnet-10': write convnet-D", "--network", "resnet-10");
    }

    @Test
    @DisplayName("refuses a network that is too deep for the images")
    void tooDeep() {
        refuses("--network convnet-9 does not fit: images of", "--network", "convnet-9");
    }

    @Test
    @DisplayName("refuses numbers out of range")
    void outOfRange() {
        refuses("--epochs is a number from 1 to 1000000, not 0", "--epochs", "0");
    }

    private void refuses(String said, String... options) {
        assertThat(run(options)).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err()).startsWith("reverie: ").contains(said).hasLineCount(1);
        assertThat(terminal.out()).isEmpty();
    }

    private int run(String... options) {
        return terminal.run(arguments(options));
    }

    private String[] arguments(String... options) {
        List<String> arguments = new ArrayList<>(List.of("evaluate", set.toString(), "--dataset", dataset));
        arguments.addAll(List.of(options));
        return arguments.toArray(String[]::new);
    }

    private static DistilledSet setOf(ImageShape shape) {
        float[] values = new float[2 * shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 7 / 7f;
        }
        ImageBatch images = ImageBatch.of(shape, values);
        Normalisation normalisation = new Normalisation(List.of(0.5), List.of(0.25));
        return new DistilledSet(
                images, List.of(0, 1), images, List.of(0, 1), 1, normalisation, List.of("lower", "upper"));
    }
}
