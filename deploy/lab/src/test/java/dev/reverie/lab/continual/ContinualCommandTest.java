package dev.reverie.lab.continual;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reverie.deploy.cli.CapturedTerminal;
import dev.reverie.deploy.cli.ExitCode;
import dev.reverie.gpu.WatchedCalls;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.lab.LabCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("continual")
@Timeout(300)
class ContinualCommandTest extends AbstractContinualCommandTest {

    private void refuses(String message, String options) {
        CapturedTerminal refusing = new CapturedTerminal();
        assertThat(refusing.run(arguments(options))).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(refusing.err()).startsWith("reverie: ").contains(message).hasLineCount(1);
        assertThat(refusing.out()).isEmpty();
    }

    private static void sendTerm() {
        try {
            String self = Long.toString(ProcessHandle.current().pid());
            assertThat(new ProcessBuilder("kill", "-TERM", self).start().waitFor())
                    .isZero();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("evaluates every memory with every seed after each step, and writes a table, a record and a plot")
    void wholeExperiment() throws IOException {
        assertThat(run("--seeds 0,1 --json")).as(terminal.err()).isEqualTo(ExitCode.DONE);

        JsonNode result = terminal.json();
        assertThat(result.get("complete").booleanValue()).isTrue();
        assertThat(result.get("protocol").asText()).isEqualTo("fresh");
        assertThat(result.get("settings").get("training_steps").intValue()).isEqualTo(20);
        assertThat(result.get("classes").toString()).isEqualTo("[[\"lower\"],[\"upper\"]]");
        assertThat(result.get("methods"))
                .extracting(method -> method.get("method").asText())
                .containsExactly("dm", "jpeg", "reservoir", "herding", "tile");
        assertThat(result.get("methods").get(0).get("seeds").intValue()).isEqualTo(2);
        assertThat(result.get("seed_results")).hasSize(10).allSatisfy(seedResult -> {
            JsonNode steps = seedResult.get("steps");
            assertThat(steps.get(0).get("accuracy").doubleValue()).isEqualTo(1.0); // there is but one class then
            assertThat(steps.get(1).get("by_step")).hasSize(2);
            assertThat(steps.get(1).get("accuracy").doubleValue()).isBetween(0.0, 1.0);
        });
        assertThat(started).extracting(DistillationSettings::seed).containsExactly(0L, 1L);
        assertThat(started).extracting(DistillationSettings::ipc).containsOnly(2);
        assertThat(terminal.err()).isEmpty();

        assertThat(Files.readAllLines(out.resolve("continual.csv")))
                .hasSize(1 + 10 * 2)
                .contains("protocol,method,quality,seed,step,classes,images,bytes,accuracy,step_1,step_2")
                .anyMatch(row -> row.matches("fresh,dm,30,0,1,1,18,\\d+,1.000000,1.000000,NaN"));
        assertThat(out.resolve("continual.svg")).content().startsWith("<svg").contains("herding");
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .hasSize(13)
                    .contains("continual.csv", "continual.json", "continual.svg", "memory-jpeg-1.npz");
        }
        assertThat(NpzFile.read(out.resolve("memory-dm-0.npz")).classes().names())
                .containsExactly("lower", "upper");
    }

    @Test
    @DisplayName("prints a table, and refuses to overwrite its results")
    void table() {
        assertThat(run("--methods reservoir,dream")).as(terminal.err()).isEqualTo(ExitCode.DONE);

        assertThat(terminal.out())
                .startsWith("memory            bytes  quality  final (%)")
                .contains(
                        "\nreservoir   ",
                        "\ndream       ",
                        " points of final accuracy over the best coreset (reservoir)")
                .contains("\nProtocol fresh: fresh networks", "\nSeed 0: lower | upper\n")
                .endsWith("Look at " + out.resolve("continual.svg") + "\n");
        assertThat(terminal.err())
                .contains("Selecting reservoir 2/2", "Evaluating reservoir", "Distilling dream", "Evaluating dream");
        refuses(out + " already contains continual.csv; choose another folder", "");
    }

    @Test
    @DisplayName("fills each number of bytes with real images at several qualities, and draws accuracy against bytes")
    void bytesPerClass() throws IOException {
        assertThat(run("--methods reservoir,herding,jpeg,tile --bytes-per-class 700,900 --real-qualities 70,30"
                        + " --coding jpeg"))
                .as(terminal.err())
                .isEqualTo(ExitCode.DONE);

        for (int limit : List.of(700, 900)) {
            JsonNode result = new ObjectMapper()
                    .readTree(out.resolve(limit + "/continual.json").toFile());
            assertThat(result.get("seed_results")).hasSize(4 * 2).allSatisfy(memory -> {
                assertThat(memory.get("quality").intValue()).isIn(70, 30);
                JsonNode last = memory.get("steps").get(1);
                assertThat(last.get("bytes").longValue()).isBetween(2L * limit / 3, 2L * limit);
            });
            assertThat(result.get("methods")).hasSize(4);
        }
        assertThat(out.resolve("900/memory-tile-q70-0.npz")).exists();
        assertThat(Files.readAllLines(out.resolve("bytes.csv")))
                .hasSize(1 + 2 * 4)
                .contains("bytes_per_class,method,quality,bytes,accuracy,std,runs")
                .anyMatch(row -> row.startsWith("700,jpeg,"));
        assertThat(out.resolve("bytes.svg")).content().contains("herding", "kB per class");
    }

    @Test
    @DisplayName("tells the service the size of its memory, and how to code it")
    void sizesOfTheService() {
        assertThat(run("--methods dm --bytes-per-class 900 --ipc 3 --quality 40"))
                .as(terminal.err())
                .isEqualTo(ExitCode.DONE);

        assertThat(memories)
                .containsExactly(Map.of(
                        "reverie.memory.images-per-class", "3",
                        "reverie.memory.total-images", "0",
                        "reverie.memory.bytes-per-class", "900",
                        "reverie.memory.coding", "webp",
                        "reverie.memory.quality", "40"));
    }

    @Test
    @DisplayName("refuses wrong input")
    void wrongInput() {
        refuses("--steps must be from 1 to 2, not 3", "--steps 3");
        refuses(
                "unknown method 'gdumb'. The methods are dream, dream-plus, idc, dance, dm, dm+reservoir, reservoir",
                "--methods gdumb");
        refuses("--seeds contains '1' twice", "--seeds 1,1");
        refuses("unknown protocol 'icarl'. The protocols are fresh, gdumb, idc, replay", "--protocol icarl");
        refuses("a seed for the order of classes must be from 0 to 2147483647, not -1", "--protocol gdumb --seeds -1");
        refuses("--training-steps and --epochs both set", "--epochs 3 --training-steps 3");
        refuses("--network takes one network here, not 2", "--network convnet-3,mlp");
        refuses("--network convnet-9 does not fit", "--network convnet-9");
        refuses("a stored image starts as 4 of them: --ipc can be at most 4", "--ipc 5");
        refuses("use only one of them", "--ipc 2 --total-images 4");
        refuses("--bytes-per-class must be from 1 to", "--bytes-per-class 0");
        refuses("--real-qualities must be from 1 to 100, not 101", "--real-qualities 101");
        refuses("--total-images must be from 2 to", "--total-images 1");
        refuses(
                "class 'lower' has only 18 images, and a stored image starts as 4 of them: --total-images can be at most 4",
                "--total-images 5");
        assertThat(out).doesNotExist();
    }

    @Test
    @DisplayName("ends a long training of a coreset at its next step when it is interrupted, and exits with 130")
    void interruptedTraining() {
        AtomicInteger steps = new AtomicInteger();
        AtomicInteger cancelled = new AtomicInteger();
        CapturedTerminal interrupted = CapturedTerminal.with((settings, shape, normalisation) -> {
                    DistillationEngine engine = MatchingEngine.open(settings, shape, normalisation);
                    return WatchedCalls.before(DistillationEngine.class, engine, (method, arguments) -> {
                        if (method.equals("beforeEachStep")) {
                            Runnable check = (Runnable) arguments.getFirst();
                            arguments.set(0, (Runnable) () -> {
                                if (steps.get() == 2) {
                                    if (cancelled.incrementAndGet() == 1) {
                                        sendTerm();
                                    }
                                    while (true) { // until the signal is handled and the check throws
                                        check.run();
                                    }
                                }
                                check.run();
                                steps.incrementAndGet();
                            });
                        }
                    });
                })
                .withCommands(LabCommands.with((_, _, _) -> started()));

        assertThat(interrupted.run(arguments("--methods herding"))).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(steps).as("steps that were not ended").hasValue(2);
        assertThat(cancelled).as("attempts to make the next step").hasValue(1);
        assertThat(interrupted.err()).contains("Stopping.").doesNotContain("warning");
    }
}
