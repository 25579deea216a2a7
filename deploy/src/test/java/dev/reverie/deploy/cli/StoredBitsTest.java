package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.synthetic.DistilledSetFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A set in few bits per value")
class StoredBitsTest {

    private final CapturedTerminal terminal = CapturedTerminal.with(MatchingEngine::open);
    private String dataset = "";
    private Path out = Path.of("out");

    @BeforeEach
    void makeData(@TempDir Path folder) throws IOException {
        dataset = TinyImageFolder.writeTo(folder.resolve("data"));
        out = folder.resolve("out");
    }

    @ParameterizedTest(name = "{0} bits: {1} images of {2} bytes per class in 100 bytes")
    @DisplayName("has as many images as fit into the bytes of a class, also in a packed file")
    @CsvSource({"4, 3, 33", "2, 5, 20"})
    void packed(String bits, int images, int bytes) throws IOException {
        distil("--bits", bits, "--bytes-per-class", "100");

        DistilledSet packed = DistilledSetFile.read(out.resolve("synthetic.packed.npz"));
        assertThat(packed.parameters().count()).isEqualTo(2 * images);
        assertThat(packed.storedBytes()).isEqualTo(2L * images * bytes);
        assertThat(packed.images().toLevels())
                .isEqualTo(NpzFile.read(out.resolve("synthetic.npz")).images().toLevels());
        JsonNode run = new ObjectMapper().readTree(out.resolve("run.json").toFile());
        assertThat(run.get("bits").asText()).isEqualTo(bits);
        assertThat(run.at("/files/packed_set").asText()).endsWith("synthetic.packed.npz");
    }

    @Test
    @DisplayName("has no packed file with 8 bits, not even that of an earlier part of the run")
    void notPacked() throws IOException {
        distil("--bits", "4", "--ipc", "2");
        distil("--ipc", "2", "--resume");

        assertThat(out.resolve("synthetic.npz")).exists();
        assertThat(out.resolve("synthetic.packed.npz")).doesNotExist();
        JsonNode run = new ObjectMapper().readTree(out.resolve("run.json").toFile());
        assertThat(run.get("bits").intValue()).isEqualTo(8);
        assertThat(run.at("/files").has("packed_set")).isFalse();
    }

    @Test
    @DisplayName("has the same accuracy whether it is read from the packed file or not, and counts the packed bytes")
    void evaluated() throws IOException {
        distil("--bits", "2", "--ipc", "5");

        JsonNode packed = evaluate("synthetic.packed.npz");
        JsonNode unpacked = evaluate("synthetic.npz");

        assertThat(packed.get("accuracy")).isEqualTo(unpacked.get("accuracy"));
        assertThat(packed.at("/size/set_bytes").intValue()).isEqualTo(10 * 20);
        assertThat(unpacked.at("/size/set_bytes").intValue()).isEqualTo(10 * 64);
        assertThat(packed.get("cost")).isEqualTo(unpacked.get("cost"));
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("is not distilled from options that contradict each other or from too few bytes")
    @CsvSource(delimiter = '|', textBlock = """
            --bits 3                        | The numbers are 8, 4, 2
            --bits 4 --dtype float32        | --dtype float32 has 32 bits per value: omit --bits or --dtype
            --ipc 2 --bytes-per-class 500   | --ipc and --bytes-per-class both set the number of stored images: omit one
            --bits 2 --bytes-per-class 19   | a stored image of 1x8x8 takes 20 bytes: choose a --bytes-per-class of at least 20, or fewer --bits
            --bytes-per-class 0             | --bytes-per-class must be from 1 to 2147483647, not 0
            """)
    void refused(String options, String message) {
        assertThat(terminal.run(arguments(options.split(" ")))).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err()).contains(message).hasLineCount(1);
        assertThat(out).doesNotExist();
    }

    private void distil(String... options) {
        terminal.succeeds(arguments(options));
    }

    private String[] arguments(String... options) {
        List<String> arguments = new ArrayList<>(
                List.of("distill", "--dataset", dataset, "--method", "random", "--out", out.toString()));
        arguments.addAll(List.of(options));
        return arguments.toArray(String[]::new);
    }

    private JsonNode evaluate(String file) throws IOException {
        CapturedTerminal evaluating = new CapturedTerminal();
        int exitCode = evaluating.run(
                "evaluate",
                out.resolve(file).toString(),
                "--dataset",
                dataset,
                "--network",
                "mlp",
                "--epochs",
                "2",
                "--repeats",
                "1",
                "--json");
        assertThat(exitCode).as(evaluating.err()).isEqualTo(ExitCode.DONE);
        return new ObjectMapper().readTree(evaluating.out());
    }
}
