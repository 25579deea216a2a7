package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.gpu.coded.DistilledSetFile;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.matching.MatchingEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A set as pictures")
class CodedSetTest {

    private final CapturedTerminal terminal = CapturedTerminal.with(MatchingEngine::open);
    private String dataset = "";
    private Path out = Path.of("out");

    @BeforeEach
    void makeData(@TempDir Path folder) throws IOException {
        dataset = TinyImageFolder.writeTo(folder.resolve("data"));
        out = folder.resolve("out");
    }

    @Test
    @DisplayName("is written as pictures beside the arrays, which hold the exact images")
    void coded() throws IOException {
        distil("--coding", "png", "--ipc", "3");

        DistilledSetFile pictures = DistilledSetFile.read(out.resolve("synthetic.zip"));
        assertThat(pictures.set().parameters().count()).isEqualTo(2 * 3);
        assertThat(pictures.set().images().toLevels())
                .isEqualTo(NpzFile.read(out.resolve("synthetic.npz")).images().toLevels());
        JsonNode run = new ObjectMapper().readTree(out.resolve("run.json").toFile());
        assertThat(run.at("/coding/format").asText()).isEqualTo("png");
        assertThat(run.at("/files/pictures").asText()).endsWith("synthetic.zip");
    }

    @Test
    @DisplayName("is distilled from what can be used of the folder; the rest is told at the end and in run.json")
    void leavesOut() throws IOException {
        Path data = out.resolveSibling("data");
        Files.write(data.resolve("train/upper/Thumbs.db"), new byte[] {1});
        Files.write(data.resolve("train/lower/cut.png"), new byte[] {1});
        Files.createDirectories(data.resolve("train/empty\u202e"));

        distil();

        assertThat(terminal.err())
                .contains(
                        "Left out: 1 file, 1 picture, 1 class. The first of each:",
                        data + "/train/upper/Thumbs.db is no picture",
                        data + "/train/lower/cut.png is no picture in a known format",
                        "the class 'empty\\u202e' has no images to train with");
        JsonNode left =
                new ObjectMapper().readTree(out.resolve("run.json").toFile()).at("/dataset/left_out");
        assertThat(left.get("files").intValue()).isEqualTo(1);
        assertThat(left.get("first")).hasSize(3);
        assertThat(terminal.run(arguments(
                        "--strict", "--out", out.resolveSibling("strict").toString())))
                .isEqualTo(ExitCode.WRONG_INPUT);
    }

    @Test
    @DisplayName("has as many images as fit into the bytes of a class, and no larger picture")
    void budget() throws IOException {
        distil("--coding", "jpeg", "--quality", "60", "--bytes-per-class", "900");

        DistilledSetFile pictures = DistilledSetFile.read(out.resolve("synthetic.zip"));

        assertThat(pictures.set().parameters().count() / 2).isBetween(2, 19);
        assertThat(pictures.storedBytes()).isLessThanOrEqualTo(2 * 900);
    }

    @Test
    @DisplayName("has as many images as its smallest class can fill if all of them fit")
    void ampleBudget() throws IOException {
        distil("--factor", "2", "--bytes-per-class", "1000000");

        assertThat(DistilledSetFile.read(out.resolve("synthetic.zip"))
                        .set()
                        .parameters()
                        .count())
                .isEqualTo(2 * (TinyImageFolder.LOWER / 4));
    }

    @Test
    @DisplayName("is evaluated from its pictures, whose bytes count")
    void evaluated() throws IOException {
        distil("--coding", "png", "--ipc", "5");

        JsonNode pictures = evaluate("synthetic.zip");
        JsonNode arrays = evaluate("synthetic.npz");

        assertThat(pictures.get("accuracy")).isEqualTo(arrays.get("accuracy"));
        assertThat(pictures.get("cost")).isEqualTo(arrays.get("cost"));
        assertThat(arrays.at("/size/set_bytes").intValue()).isEqualTo(10 * 64);
        assertThat(pictures.at("/size/set_bytes").longValue())
                .isEqualTo(DistilledSetFile.read(out.resolve("synthetic.zip")).storedBytes());
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("is not distilled from options that contradict each other or are out of range")
    @CsvSource(delimiter = '|', textBlock = """
            --coding gif                    | The formats are webp, jpeg, png
            --quality 101                   | --quality must be from 1 to 100, not 101
            --ipc 2 --bytes-per-class 500   | --ipc and --bytes-per-class both set the number of stored images: omit one
            --bytes-per-class 0             | --bytes-per-class must be from 1 to 2147483647, not 0
            --test-share 1                  | --test-share is a number from 0 to below 1, not 1.0
            --test-share 0.2                | has test images of its own: omit --test-share
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
        List<String> arguments = new ArrayList<>(List.of("distill", "--dataset", dataset, "--method", "random"));
        arguments.addAll(List.of(options));
        if (!arguments.contains("--out")) {
            arguments.addAll(List.of("--out", out.toString()));
        }
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
