package dev.reverie.deploy.cli;

import static dev.reverie.deploy.cli.CapturedTerminal.words;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reverie.deploy.TinyDistillation;
import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Presets;
import dev.reverie.gpu.synthetic.StoredSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Every method")
class EveryMethodTest {

    private static final Path PAGE = Path.of("..", "docs", "reference", "methods.md");

    private final CapturedTerminal terminal = CapturedTerminal.with(MatchingEngine::open);
    private Path folder = Path.of("");
    private String dataset = "";

    @BeforeEach
    void makeData(@TempDir Path temporary) throws IOException {
        folder = temporary;
        dataset = TinyImageFolder.writeTo(temporary.resolve("data"));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("distils a small dataset to a set of its classes, and changes the images if it learns")
    void distils(Method method) {
        DistilledSet set = distil(method, 2);

        assertThat(set.classes().names()).hasSize(2);
        assertThat(set.parameters().count()).isEqualTo(4);
        assertThat(set.factor()).isEqualTo(Presets.defaultFactor(method));
        assertThat(set.softLabels().isPresent()).isEqualTo(method.hasObserver());
        float[] begun = distil(method, 0).parameters().toArray();
        assertThat(Arrays.equals(set.parameters().toArray(), begun)).isEqualTo(!method.learns());
    }

    @ParameterizedTest
    @EnumSource(names = {"HERDING", "RDED"})
    @DisplayName("accepts a time limit, even if it learns nothing")
    void timeLimited(Method method) {
        DistilledSet set = distil(method, 0, List.of("--time-limit", "5m"));

        assertThat(set.parameters().count()).isEqualTo(4);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "--method dm --representatives kmeans:4 --init kmeans",
                "--method dm --style-moments 180",
                "--method dance --style-correlations 10000",
                "--method dsa --representatives kmeans --init kmeans",
                "--method dc --init noise",
                "--method dance --representatives kmeans:4 --per-centroid 2",
                "--method dance --objective characteristic",
                "--method dream --networks queue",
                "--method idm --init random",
                "--method tgdd --objective influence",
                "--method tgdd --representatives kmeans:4 --init random",
                "--method idc --representatives boundary:3 --init central --decode bound",
                "--method dream --representatives random --distance l1-mean --decode multi",
            })
    @DisplayName("can be composed of other parts, each of which changes the result")
    void composed(String options) {
        List<String> arguments = List.of(options.split(" "));
        Method method = Method.valueOf(arguments.get(1).toUpperCase(Locale.ROOT).replace('-', '_'));

        DistilledSet composed = distil(method, 2, withFloats(arguments.subList(2, arguments.size())));

        assertThat(composed.parameters().toArray())
                .isNotEqualTo(distil(method, 2).parameters().toArray());
    }

    @Test
    @DisplayName("writes the learned images rounded to bytes, and what these decode to, or floats on request")
    void dtype() {
        DistilledSet floats = distil(Method.DREAM, 2);
        DistilledSet bytes = distil(Method.DREAM, 2, List.of());

        assertThat(floats.parameters().dtype()).isEqualTo(Dtype.FLOAT32);
        assertThat(bytes.parameters().dtype()).isEqualTo(Dtype.UINT8);
        assertThat(bytes.parameters().toLevels())
                .isEqualTo(floats.parameters().as(Dtype.UINT8).toLevels());
        assertThat(bytes.images().toLevels())
                .isEqualTo(StoredSet.inBytes(floats).images().toLevels());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"quick,dream-plus", "paper,dream"})
    @DisplayName("is the default of a preset if no method is given")
    void byPreset(String preset, String method) throws IOException {
        Path out = folder.resolve(preset);

        int exitCode = terminal.run(words("distill --dataset " + dataset + " --preset " + preset
                + " --ipc 2 --width 4 --outer-iterations 0 --out " + out));

        assertThat(exitCode).as(terminal.err()).isZero();
        JsonNode run = new ObjectMapper().readTree(out.resolve("run.json").toFile());
        assertThat(run.at("/settings/method").asText()).isEqualTo(method);
    }

    private DistilledSet distil(Method method, int outerIterations) {
        return distil(method, outerIterations, withFloats(List.of()));
    }

    /** Two inner loops change the images by less than a byte can show. */
    private static List<String> withFloats(List<String> more) {
        return Stream.concat(more.stream(), Stream.of("--dtype", "float32")).toList();
    }

    private DistilledSet distil(Method method, int outerIterations, List<String> more) {
        Path out = folder.resolve(method.label() + outerIterations + more.hashCode());
        List<String> arguments = new ArrayList<>(TinyDistillation.arguments(dataset, method, outerIterations, out));
        arguments.addAll(more);
        int exitCode = terminal.run(arguments.toArray(String[]::new));
        assertThat(exitCode).as(terminal.err()).isZero();
        return NpzFile.read(out.resolve("synthetic.npz"));
    }

    @Test
    @DisplayName("is listed in the table of methods with its factor")
    void isDocumented() throws IOException {
        String page = Files.readString(PAGE);

        for (Method method : Method.values()) {
            assertThat(page)
                    .containsPattern(
                            "(?m)^\\| `" + method.label() + "` \\|.* \\| " + Presets.defaultFactor(method) + " \\|$");
        }
    }
}
