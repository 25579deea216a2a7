package dev.reverie.deploy.cli;

import static dev.reverie.deploy.cli.CapturedTerminal.words;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.dataset.SoftLabels;
import dev.reverie.npz.NpyArray;
import dev.reverie.npz.NpzWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("evaluate")
class EvaluateCommandTest extends AbstractEvaluateCommandTest {

    @Test
    @DisplayName("prints the accuracies as one JSON object")
    void json() throws IOException {
        succeeds("--epochs", "2", "--width", "4", "--repeats", "2", "--json");

        JsonNode summary = terminal.json();
        assertThat(summary.get("accuracy").get("mean").doubleValue()).isBetween(0.0, 1.0);
        assertThat(summary.get("accuracy").get("values")).hasSize(2);
        assertThat(summary.get("settings").get("recipe").get("epochs").intValue())
                .isEqualTo(2);
        assertThat(summary.get("stored_images").intValue()).isEqualTo(2);
        assertThat(summary.get("test_images").intValue()).isEqualTo(12);
        assertThat(terminal.err()).isEmpty();
    }

    @Test
    @DisplayName("takes images with negative values as normalised, and values beyond shares as logits, and says so")
    void ofOtherPrograms() throws IOException {
        float[] values = new float[2 * 64];
        Arrays.fill(values, -1.5f);
        try (OutputStream out = Files.newOutputStream(set)) {
            NpzWriter npz = NpzWriter.stored(out);
            npz.write("images", NpyArray.ofFloats(values, 2, 1, 8, 8));
            npz.write("labels", NpyArray.ofFloats(new float[] {3, -1, -2, 5}, 2, 2));
            npz.finish();
        }

        succeeds("--epochs", "1", "--width", "4", "--repeats", "1", "--json");

        assertThat(terminal.err())
                .contains("The soft labels are logits: their softmax is used.")
                .contains("The images have negative values, so they are taken as normalised")
                .contains("If they are whitened (ZCA), the accuracy is too low.");
    }

    @Test
    @DisplayName("trains by the recipe of DSA and DM on request, by default for the published number of epochs")
    void otherRecipe() throws IOException {
        succeeds("--recipe", "dm", "--network", "mlp", "--repeats", "1", "--json");

        JsonNode recipe = terminal.json().at("/settings/recipe");
        assertThat(recipe.get("epochs").intValue()).isEqualTo(1001);
        assertThat(recipe.get("batch").intValue()).isEqualTo(256);
        assertThat(recipe.get("mix_probability").doubleValue()).isZero();
    }

    @Test
    @DisplayName("trains for a number of steps instead of epochs")
    void steps() throws IOException {
        succeeds("--steps", "3", "--width", "4", "--repeats", "1", "--json");

        assertThat(terminal.json().at("/settings/steps").intValue()).isEqualTo(3);
        assertThat(output(List.of("--steps", "3", "--width", "4", "--repeats", "1")))
                .contains("(1 network of width 4, 3 steps; ");
    }

    @Test
    @DisplayName("trains by the recipe of MTT with the rate of the student, from the run or from an option")
    void studentRate() throws IOException {
        set = Files.move(set, set.resolveSibling("synthetic.npz"));
        String[] options = {"--recipe", "mtt", "--network", "mlp", "--steps", "2", "--repeats", "1", "--json"};
        refuses("give --learning-rate", options);
        Files.writeString(set.resolveSibling("run.json"), "{\"student_rate\": 0.025}");

        succeeds(options);

        assertThat(terminal.json().at("/settings/recipe/learning_rate").doubleValue())
                .isEqualTo(0.025);
    }

    @Test
    @DisplayName("compares networks of all types in one table and in a Markdown report")
    void allNetworks(@TempDir Path folder) throws IOException {
        Path report = folder.resolve("networks.md");

        succeeds(words("--network all --epochs 1 --width 4 --repeats 1 --report " + report));

        assertThat(terminal.out().lines().map(line -> line.split(" ")[0]))
                .startsWith("network", "convnet-3", "convnet-3-bn", "resnet-10", "resnet-18", "densenet", "mlp");
        assertThat(Files.readString(report))
                .contains("| network | accuracy (%) | best test of each network (%) |\n|---|---|---|\n| convnet-3 | ")
                .contains("| class | convnet-3 | convnet-3-bn | resnet-10 | resnet-18 | densenet | mlp |")
                .contains("| upper | ")
                .contains("- stored in 512 bytes, 19.048 % of the 2,688 bytes of the real training images");
    }

    @Test
    @DisplayName("lists in its JSON each network, its classes, the size of the set and the cost of its run")
    void jsonInFull() throws IOException {
        Path made = Files.move(set, set.resolveSibling("synthetic.npz"));
        Files.writeString(
                set.resolveSibling("run.json"), "{\"totals\": {\"seconds\": 12.5}, \"machine\": {\"cores\": 4}}");
        set = made;

        run("--epochs", "1", "--width", "4", "--repeats", "1", "--network", "mlp,convnet-2-bn", "--json");

        JsonNode summary = terminal.json();
        assertThat(summary.at("/settings/network").textValue()).isEqualTo("mlp");
        assertThat(summary.at("/networks/1/network").textValue()).isEqualTo("convnet-2-bn");
        assertThat(summary.at("/networks/1/accuracy/mean").isNumber()).isTrue();
        assertThat(summary.at("/networks/0/accuracy")).isEqualTo(summary.get("accuracy"));
        assertThat(summary.at("/networks/0/by_class/1/name").textValue()).isEqualTo("upper");
        assertThat(summary.at("/size/ratio").doubleValue()).isEqualTo(2 * 64 * 4 / (42 * 64.0));
        assertThat(summary.at("/cost/core_seconds").doubleValue()).isEqualTo(50);
        assertThat(summary.has("scores")).isFalse();
    }

    @Test
    @DisplayName("scores a set as DD-Ranking does, and writes the scores as JSON")
    void scores(@TempDir Path folder) throws IOException {
        Path report = folder.resolve("scores.json");

        succeeds(words(
                "--scores --network convnet-1 --width 2 --epochs 2 --repeats 2 --real-epochs 1 --report " + report));

        assertThat(terminal.out()).contains("\nLRS 0.").contains("\nARS 0.").contains("above that of random images");
        JsonNode scores = new ObjectMapper().readTree(report.toFile()).get("scores");
        assertThat(scores.get("rounds")).hasSize(2);
        assertThat(scores.at("/label_robust/mean").doubleValue()).isBetween(0.0, 1.0);
    }

    @Test
    @DisplayName("fails with 1, not as for wrong usage, if the report cannot be written in a writable folder")
    void failedReport(@TempDir Path folder) {
        Path tooLongForAHiddenFile = folder.resolve("n".repeat(250) + ".md");

        assertThat(run("--steps", "1", "--width", "4", "--json", "--report", tooLongForAHiddenFile.toString()))
                .isEqualTo(ExitCode.FAILED);
        assertThat(terminal.out()).startsWith("{");
        assertThat(terminal.err())
                .startsWith("reverie: ")
                .contains(": check its disk, or name another file with --report.")
                .hasLineCount(1);
    }

    @Test
    @DisplayName("trains on the soft labels of the set, or on request on its classes alone")
    void labels() throws IOException {
        List<String> options = new ArrayList<>(List.of("--epochs", "2", "--width", "4", "--repeats", "3"));
        String withoutTeacher = output(options);
        NpzFile.write(setOf(new ImageShape(1, 8, 8)).withSoftLabels(SoftLabels.of(2, new float[] {0, 1, 1, 0})), set);

        assertThat(output(options)).isNotEqualTo(withoutTeacher);
        options.addAll(List.of("--labels", "hard"));
        assertThat(output(options)).isEqualTo(withoutTeacher);
        refuses("unknown kind 'firm'. The kinds are soft, hard", "--labels", "firm");
    }

    private String output(List<String> options) {
        CapturedTerminal own = new CapturedTerminal();
        own.run(arguments(options.toArray(String[]::new)));
        assertThat(own.out()).as(own.err()).startsWith("accuracy ");
        return own.out();
    }
}
