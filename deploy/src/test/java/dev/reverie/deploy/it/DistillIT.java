package dev.reverie.deploy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reverie.actors.FreePorts;
import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.deploy.it.ReverieProcess.Ended;
import dev.reverie.deploy.run.HistoryRow;
import dev.reverie.deploy.run.TestSignals;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.NpzFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The packaged application")
class DistillIT {

    private static final int FOREVER = 100_000;

    private Path folder = Path.of("");
    private Path out = Path.of("");
    private String dataset = "";

    @BeforeEach
    void makeData(@TempDir Path temporary) throws IOException {
        folder = temporary;
        out = temporary.resolve("run");
        dataset = TinyImageFolder.writeTo(temporary.resolve("data"));
    }

    @Test
    @DisplayName("distils a folder of pictures into files that others can read")
    void distils() throws Exception {
        Ended ended = ReverieProcess.run(folder, distill(2, "--json"));

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        JsonNode summary = new ObjectMapper().readTree(ended.out());
        assertThat(summary.get("ending").textValue()).isEqualTo("completed");
        assertThat(summary.get("totals").get("inner_loops").intValue()).isEqualTo(4);
        assertThat(summary)
                .isEqualTo(new ObjectMapper().readTree(out.resolve("run.json").toFile()));
        assertThat(HistoryRow.read(out.resolve("history.csv"))).hasSize(4);
        assertThat(out.resolve("synthetic.png")).isNotEmptyFile();
    }

    @Test
    @DisplayName("resumes after kill -9 with the result of an uninterrupted run")
    void killed() throws Exception {
        Files.createDirectories(out);
        try (ReverieProcess process = ReverieProcess.start(folder, distill(FOREVER))) {
            GrowingFile.awaitLines(out.resolve("history.csv"), 8);
            process.signal("KILL");
            process.await();
        }
        assertThat(out.resolve("synthetic.npz")).doesNotExist();
        int outers = HistoryRow.read(out.resolve("history.csv")).getLast().outer() + 2;

        assertThat(ReverieProcess.run(folder, distill(outers, "--resume")).exitCode())
                .isZero();

        assertThat(HistoryRow.read(out.resolve("history.csv")))
                .extracting(row -> 2 * row.outer() + row.inner())
                .isEqualTo(IntStream.range(0, 2 * outers).boxed().toList());
        assertThat(parameters()).isEqualTo(uninterrupted(outers));
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    @DisplayName("saves everything and exits with 130 on a signal")
    void interrupted(String signal) throws Exception {
        assumeTrue(
                !signal.equals("HUP") || TestSignals.isHandled(TestSignals.HUP),
                "a process that nohup started ignores SIGHUP");
        Files.createDirectories(out);
        Ended ended;
        try (ReverieProcess process = ReverieProcess.start(folder, distill(FOREVER))) {
            GrowingFile.awaitLines(out.resolve("history.csv"), 3);
            process.signal(signal);
            ended = process.await();
        }

        assertThat(ended.exitCode()).isEqualTo(130);
        assertThat(ended.err()).contains("add --resume to continue");
        assertThat(new ObjectMapper()
                        .readTree(out.resolve("run.json").toFile())
                        .get("ending")
                        .textValue())
                .isEqualTo("interrupted");
        assertThat(out.resolve("synthetic.npz")).exists();
        assertThat(out.resolve("checkpoint.bin")).exists();
    }

    @Test
    @DisplayName("fails if its output cannot be written, for example to a full disk")
    void fullOutput() throws Exception {
        List<String> toFullDisk = List.of("sh", "-c", "exec \"$@\" >/dev/full", "sh");
        try (ReverieProcess process = ReverieProcess.start(folder, toFullDisk, List.of("distill", "--help"))) {
            Ended ended = process.await();

            assertThat(ended.exitCode()).isEqualTo(1);
            assertThat(ended.err())
                    .contains("the output could not be written to stdout (No space left on device)")
                    .hasLineCount(1);
        }
    }

    @Test
    @DisplayName("succeeds if the reader of its output wants no more of it")
    void readerStops() throws Exception {
        List<String> toNobody = List.of("bash", "-c", "\"$@\" > >(exec true); exit $?", "bash");
        try (ReverieProcess process = ReverieProcess.start(folder, toNobody, List.of("distill", "--help"))) {
            Ended ended = process.await();

            assertThat(ended.exitCode()).as(ended.err()).isZero();
            assertThat(ended.err()).isEmpty();
        }
    }

    @Test
    @DisplayName("ends at the time limit")
    void timeLimit() throws Exception {
        Ended ended = ReverieProcess.run(folder, distill(FOREVER, "--time-limit", "1s", "--json"));

        assertThat(ended.exitCode()).isZero();
        assertThat(new ObjectMapper().readTree(ended.out()).get("ending").textValue())
                .isEqualTo("time-limit");
    }

    @Test
    @DisplayName("serves metrics while it distils")
    void metrics() throws Exception {
        Files.createDirectories(out);
        int port = FreePorts.next();
        String metrics;
        try (ReverieProcess process =
                        ReverieProcess.start(folder, distill(FOREVER, "--metrics-port", Integer.toString(port)));
                HttpClient client = HttpClient.newHttpClient()) {
            GrowingFile.awaitLines(out.resolve("history.csv"), 3);
            metrics = client.send(
                            HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
            assertThat(process.isAlive()).isTrue();
        }

        assertThat(metrics)
                .contains(
                        "reverie_match_loss{class=\"upper\"}",
                        "reverie_inner_loops_total",
                        "reverie_memory_images 4.0");
    }

    @Test
    @DisplayName(
            "fails on a full disk with one sentence, leaves no half-written file, and can start again in the same folder")
    void fullDisk() throws Exception {
        Files.createDirectories(out);
        Ended ended;
        List<String> twoKibibytesAFile = List.of("bash", "-c", "ulimit -f 2; exec \"$@\"", "limited");
        try (ReverieProcess process = ReverieProcess.start(folder, twoKibibytesAFile, distill(2))) {
            ended = process.await();
        }

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.err().lines().filter(line -> line.startsWith("reverie: ")))
                .singleElement()
                .asString()
                .contains("cannot write");
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(".lock", "history.csv");
        }
        assertThat(ReverieProcess.run(folder, distill(1)).exitCode()).isZero();
    }

    @Test
    @DisplayName("rejects a checkpoint of other settings and a damaged one, and changes neither")
    void unfitCheckpoint() throws Exception {
        assertThat(ReverieProcess.run(folder, distill(1)).exitCode()).isZero();
        Path checkpoint = out.resolve("checkpoint.bin");
        byte[] intact = Files.readAllBytes(checkpoint);

        Ended otherSeed = ReverieProcess.run(folder, distill(1, "--resume", "--seed", "1"));
        assertThat(otherSeed.exitCode()).isEqualTo(2);
        assertThat(otherSeed.err()).startsWith("reverie: ").hasLineCount(1);
        assertThat(checkpoint).hasBinaryContent(intact);

        byte[] damaged = intact.clone();
        damaged[damaged.length / 2] ^= 1;
        Files.write(checkpoint, damaged);
        Ended broken = ReverieProcess.run(folder, distill(1, "--resume"));
        assertThat(broken.exitCode()).isEqualTo(2);
        assertThat(broken.err()).startsWith("reverie: ").contains("checkpoint").hasLineCount(1);
        assertThat(checkpoint).hasBinaryContent(damaged);
    }

    private List<String> distill(int outerIterations, String... more) {
        return new SmallDistillation(dataset, out).arguments(outerIterations, more);
    }

    private float[] parameters() {
        DistilledSet set = NpzFile.read(out.resolve("synthetic.npz"));
        return set.parameters().toArray();
    }

    private float[] uninterrupted(int outerIterations) throws Exception {
        out = folder.resolve("uninterrupted");
        assertThat(ReverieProcess.run(folder, distill(outerIterations)).exitCode())
                .isZero();
        return parameters();
    }
}
