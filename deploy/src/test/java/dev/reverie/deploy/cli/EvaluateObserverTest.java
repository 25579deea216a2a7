package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reverie.deploy.TinyDistillation;
import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.gpu.augment.AffineImageTransform;
import dev.reverie.gpu.augment.NormaliseTransform;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.dataset.TrajectoryFile;
import dev.reverie.gpu.evaluate.ObserverFile;
import dev.reverie.gpu.evaluate.ObserverNetwork;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.network.Classifier;
import dev.reverie.gpu.network.CrossEntropy;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The observer of RDED")
class EvaluateObserverTest {

    private Path folder = Path.of("");
    private String dataset = "";

    @BeforeEach
    void makeData(@TempDir Path temporary) throws IOException {
        folder = temporary;
        dataset = TinyImageFolder.writeTo(temporary.resolve("data"));
    }

    @Test
    @DisplayName("is stored with the set, and labels the batches of networks that learn from whole mosaics")
    void labelsBatches() throws IOException {
        Path set = distil("--factor", "2");

        JsonNode result = evaluated(set);

        assertThat(result.at("/settings/recipe/observer_temperature").doubleValue())
                .isEqualTo(20);
        assertThat(result.at("/settings/recipe/optimiser").asText()).isEqualTo("adam-w");
        assertThat(result.at("/images").intValue()).isEqualTo(4);
        assertThat(result.at("/settings/recipe/augmentation").asText()).isEqualTo("mosaic-2");
        assertThat(result.at("/observer").asText()).endsWith("observer.npz");
    }

    @Test
    @DisplayName("is the network that labelled the set, also after a run was resumed")
    void isTheLabeller() throws IOException {
        Path file = distil();
        DistilledSet set = NpzFile.read(file);
        Path stored = file.resolveSibling("observer.npz");
        ObserverNetwork observer = new ObserverFile(stored).read(set);

        List<double[]> logits = logits(observer, set);
        for (int image = 0; image < set.images().count(); image++) {
            double[] tempered =
                    Arrays.stream(logits.get(image)).map(logit -> logit / 4).toArray();
            assertThat(set.target(image)).containsExactly(CrossEntropy.softmax(tempered), within(1e-5));
        }
        byte[] before = Files.readAllBytes(stored);
        Files.delete(stored);
        distil("--resume");
        assertThat(Files.readAllBytes(stored)).isEqualTo(before);
    }

    private static List<double[]> logits(ObserverNetwork observer, DistilledSet set) {
        AffineImageTransform normalise =
                NormaliseTransform.of(set.normalisation(), set.images().shape());
        try (ComputeThreads threads = new ComputeThreads(Device.kernels(), 1);
                Classifier network = observer.open(threads)) {
            return network.logits(
                    set.images().count(), index -> normalise.apply(set.images().values(index)));
        }
    }

    @Test
    @DisplayName("is trained for 200 epochs of the dataset with the paper preset, in parts, and can be used elsewhere")
    void publishedLength() throws IOException {
        Path published = distil("--preset", "paper");
        Path observer = published.resolveSibling("observer.npz");
        JsonNode run =
                new ObjectMapper().readTree(published.resolveSibling("run.json").toFile());
        assertThat(run.at("/settings/schedule/selection_samples").intValue())
                .isEqualTo(200 * run.at("/dataset/train_images").intValue());

        // when the set lies elsewhere
        Path elsewhere = Files.copy(published, folder.resolve("elsewhere.npz"));

        assertThat(refused(elsewhere, "--recipe", "rded"))
                .contains("no observer.npz of a run with --method rded is next to " + elsewhere)
                .contains("give --observer");
        assertThat(evaluated(elsewhere, "--observer", observer.toString())
                        .at("/accuracy/mean")
                        .doubleValue())
                .isBetween(0.0, 1.0);
    }

    @Test
    @DisplayName("is refused if it does not fit the set or the recipe, or is no observer")
    void refusals() throws IOException {
        Path set = distil();
        Path observer = set.resolveSibling("observer.npz");
        List<float[]> parameters = new TrajectoryFile(observer).epoch(0);

        assertThat(refused(set, "--observer", observer.toString())).contains("--observer only affects --recipe rded");
        assertThat(refused(set, "--recipe", "rded", "--scores")).contains("choose another --recipe");
        assertThat(refused(set, "--recipe", "rded", "--labels", "hard")).contains("--labels hard excludes");
        rewrite(observer, "images", "3x8x8");
        assertThat(refused(set, "--recipe", "rded"))
                .contains("does not fit the set (images: 3x8x8 there, 1x8x8 in the set)");
        rewrite(observer, "images", "1x8x8");
        rewrite(observer, "class_2", "third");
        assertThat(refused(set, "--recipe", "rded")).contains("(class 2: third there, nothing in the set)");
        rewrite(observer, "mean", "0.125");
        assertThat(refused(set, "--recipe", "rded")).contains("does not fit the set");
        new TrajectoryFile(observer).write(Map.of("network", "an expert"), List.of(parameters));
        assertThat(refused(set, "--recipe", "rded")).contains(observer + " is not an observer");
        Files.writeString(observer, "no archive");
        assertThat(refused(set, "--recipe", "rded")).contains(observer.toString());
    }

    private static void rewrite(Path observer, String property, String value) throws IOException {
        TrajectoryFile file = new TrajectoryFile(observer);
        Map<String, String> about = new HashMap<>(file.about());
        about.put(property, value);
        file.write(about, List.of(file.epoch(0)));
    }

    private Path distil(String... more) {
        Path out = folder.resolve("run");
        List<String> arguments = new ArrayList<>(TinyDistillation.arguments(dataset, Method.RDED, 0, out));
        arguments.addAll(List.of(more));
        CapturedTerminal terminal = CapturedTerminal.with(MatchingEngine::open);
        terminal.succeeds(arguments.toArray(String[]::new));
        return out.resolve("synthetic.npz");
    }

    private JsonNode evaluated(Path set, String... more) throws IOException {
        CapturedTerminal terminal = new CapturedTerminal();
        List<String> arguments = new ArrayList<>(List.of(
                "evaluate", set.toString(), "--dataset", dataset, "--recipe", "rded", "--epochs", "3", "--width", "4"));
        arguments.addAll(List.of("--repeats", "1", "--json"));
        arguments.addAll(List.of(more));
        terminal.succeeds(arguments.toArray(String[]::new));
        return terminal.json();
    }

    private String refused(Path set, String... options) {
        CapturedTerminal terminal = new CapturedTerminal();
        List<String> arguments = new ArrayList<>(List.of("evaluate", set.toString(), "--dataset", dataset));
        arguments.addAll(List.of(options));
        assertThat(terminal.run(arguments.toArray(String[]::new))).isEqualTo(ExitCode.WRONG_INPUT);
        return terminal.err();
    }
}
