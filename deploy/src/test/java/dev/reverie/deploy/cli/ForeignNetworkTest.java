package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.matching.MatchingEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The networks are those of the ONNX module: {@code halves} adds up the two halves of an image. */
@DisplayName("A network in an ONNX file")
class ForeignNetworkTest {

    private static final Path NETWORKS =
            Path.of("..", "gpu", "onnx", "src", "test", "resources", "dev", "reverie", "gpu", "onnx");
    private static final String HALVES = NETWORKS.resolve("halves.onnx").toString();
    private static final String BOTH = NETWORKS.resolve("both.onnx").toString();

    private final CapturedTerminal terminal = CapturedTerminal.with(MatchingEngine::open);
    private Path folder = Path.of("");
    private String dataset = "";

    @BeforeEach
    void makeData(@TempDir Path temporary) throws IOException {
        folder = temporary;
        dataset = TinyImageFolder.writeTo(temporary.resolve("data"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"herding", "k-means", "k-center", "dm --representatives stratified:4 --init kmeans --outer-iterations 1"
    })
    @DisplayName("chooses images by its features, the same ones each time, without training another network")
    void chooses(String method) {
        DistilledSet own = distil("own", method);
        DistilledSet first = distil("first", method, "--features", HALVES);
        DistilledSet again = distil("again", method, "--features", HALVES);

        assertThat(first.parameters().toArray()).isEqualTo(again.parameters().toArray());
        assertThat(first.parameters().toArray()).isNotEqualTo(own.parameters().toArray());
    }

    @Test
    @DisplayName("must be the same when a run is resumed")
    void resumes() {
        distil("run", "dm --init kmeans --outer-iterations 1", "--features", HALVES);

        assertThat(run("distill --dataset " + dataset
                        + " --method dm --init kmeans --outer-iterations 1 --inner-loops 2"
                        + " --width 4 --ipc 2 --resume --out " + folder.resolve("run") + " --features " + BOTH))
                .isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err()).contains("network of another program");
    }

    @Test
    @DisplayName("is the observer of RDED in place of one that is trained, and labels the batches of an evaluation")
    void observes() throws IOException {
        DistilledSet set = distil("rded", "rded", "--observer", HALVES);

        assertThat(folder.resolve("rded/observer.npz")).doesNotExist();
        assertThat(set.classes().names()).containsExactly("lower", "upper");
        for (int image = 0; image < set.images().count(); image++) {
            assertThat(set.target(image)[set.labels().get(image)]).isGreaterThan(0.9);
        }
        String file = folder.resolve("rded/synthetic.npz").toString();
        assertThat(run("evaluate " + file + " --dataset " + dataset
                        + " --recipe rded --epochs 3 --repeats 1 --width 4 --json --observer " + HALVES))
                .as(terminal.err())
                .isZero();
        assertThat(json().at("/observer").asText()).endsWith("halves.onnx");
    }

    @Test
    @DisplayName("probes a set beside real images of as many bytes")
    void probes() throws IOException {
        distil("set", "random");
        String file = folder.resolve("set/synthetic.zip").toString();

        assertThat(run("evaluate " + file + " --dataset " + dataset + " --json --probe " + HALVES))
                .as(terminal.err())
                .isZero();

        JsonNode results = json();
        assertThat(results.findValuesAsText("memory")).containsExactly("set", "random", "herding");
        assertThat(results.get(0).at("/accuracy").doubleValue()).isEqualTo(1);
        assertThat(run("evaluate " + file + " --dataset " + dataset + " --probe " + HALVES))
                .isZero();
        assertThat(terminal.out()).contains("Linear probe, at most ", "set      100.00 %  2.0 images per class");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "--method random --features x.onnx | --features does not apply to --method random, which chooses no images by a network",
                "--method rded --features x.onnx | --features does not apply to --method rded: add --observer instead",
                "--method forgetting --features x.onnx | --features does not apply to --method forgetting, which watches a training",
                "--method herding --observer x.onnx | --observer is only for --method rded, not for herding",
                "--method herding --features missing.onnx | missing.onnx cannot be read: name an ONNX file",
                "--method herding --features x.onnx --model-mean 0.5 | --model-mean and --model-std need a value for each channel",
                "--method herding --model-mean 0 --model-std 1 | --model-mean only affects a network of --features or --observer",
            })
    @DisplayName("is refused in a sentence where it has no use")
    void refuses(String options, String message) {
        assertThat(run("distill --dataset " + dataset + " --ipc 2 --out " + folder.resolve("x") + " " + options))
                .isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err()).contains(message);
    }

    private DistilledSet distil(String out, String method, String... more) {
        String learning = method.startsWith("dm") ? " --inner-loops 2 --width 4" : "";
        int code = run("distill --dataset " + dataset + " --ipc 2 --method " + method + learning + " --out "
                + folder.resolve(out)
                + Stream.of(more).map(each -> " " + each).collect(Collectors.joining()));
        assertThat(code).as(terminal.err()).isZero();
        return NpzFile.read(folder.resolve(out).resolve("synthetic.npz"));
    }

    private int run(String arguments) {
        return terminal.run(CapturedTerminal.words(arguments));
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper()
                .readTree(terminal.out().lines().reduce((before, last) -> last).orElseThrow());
    }
}
