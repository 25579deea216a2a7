package dev.reverie.lab.continual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.deploy.cli.ExitCode;
import dev.reverie.gpu.dataset.NpzFile;
import dev.reverie.gpu.method.DistillationSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("continual, by its protocols,")
class ContinualProtocolsTest extends AbstractContinualCommandTest {

    /** Images that the service of these tests stores: all that it receives. */
    private static final int STORED = TinyImageFolder.LOWER + TinyImageFolder.UPPER;

    @Test
    @DisplayName("with gdumb, draws the order by the seed and tests several networks per step")
    void gdumb() throws IOException {
        assertThat(run("--protocol gdumb --methods reservoir --seeds 0,1 --json"))
                .as(terminal.err())
                .isEqualTo(ExitCode.DONE);

        JsonNode result = terminal.json();
        assertThat(result.get("protocol").asText()).isEqualTo("gdumb");
        assertThat(result.get("settings").get("repeats").intValue()).isEqualTo(3);
        assertThat(result.get("orders")).hasSize(2);
        assertThat(result.get("orders"))
                .extracting(order -> order.get("classes").toString())
                .contains("[[\"lower\"],[\"upper\"]]", "[[\"upper\"],[\"lower\"]]");
        assertThat(result.get("seed_results")).hasSize(2).allSatisfy(seedResult -> {
            JsonNode last = seedResult.get("steps").get(1);
            double sum = 0;
            for (JsonNode network : last.get("by_network")) {
                sum += network.doubleValue();
            }
            assertThat(last.get("by_network")).hasSize(3);
            assertThat(last.get("accuracy").doubleValue()).isCloseTo(sum / 3, within(1e-12));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"convnet-2", "resnet-10"})
    @DisplayName("with idc, continues to train one network, a ConvNet or a graph, in a fixed order of classes")
    void idc(String network) throws IOException {
        assertThat(run("--protocol idc --seeds 1 --methods dream --network " + network + " --epochs 4"))
                .as(terminal.err())
                .isEqualTo(ExitCode.DONE);

        JsonNode result =
                new ObjectMapper().readTree(out.resolve("continual.json").toFile());
        assertThat(result.get("settings").get("network").asText()).isEqualTo(network);
        assertThat(result.get("settings").get("epochs").intValue()).isEqualTo(4);
        assertThat(result.get("settings").has("training_steps")).isFalse();
        assertThat(result.get("classes").toString()).isEqualTo("[[\"upper\"],[\"lower\"]]");
        assertThat(terminal.out())
                .contains("Protocol idc: one network trained further in each step", "Seed 1: upper | lower");
        assertThat(terminal.err()).contains("step 2, network 1/1, epoch 4/4");
        assertThat(Files.readAllLines(out.resolve("continual.csv")))
                .hasSize(3)
                .anyMatch(row -> row.matches("idc,dream,30,1,1,1,\\d+,\\d+,1.000000,1.000000,NaN"));
        assertThat(out.resolve("continual.svg")).content().contains("protocol idc");
    }

    @Test
    @DisplayName("with replay, sees the images of each step once and replays the memory of the earlier steps")
    void replay() throws IOException {
        assertThat(run("--protocol replay --methods er-reservoir,dm+reservoir --epochs 1"))
                .as(terminal.err())
                .isEqualTo(ExitCode.DONE);

        assertThat(terminal.out())
                .contains("Protocol replay: one network that sees each image once", "Seed 0: lower | upper")
                .contains("dm+reservoir: ", "points of final accuracy over the best coreset (er-reservoir)");
        assertThat(terminal.err()).contains("step 2, network 1/1, epoch 1/1");
        assertThat(started).extracting(DistillationSettings::ipc).containsExactly(1);
        assertThat(memories.getFirst()).containsEntry("reverie.memory.total-images", "0");
        assertThat(NpzFile.read(out.resolve("memory-dm+reservoir-0.npz")))
                .satisfies(memory -> assertThat(memory.classes().names()).containsExactly("lower", "upper"))
                .satisfies(memory -> assertThat(memory.labels()).hasSize(STORED + 2));
        assertThat(Files.readAllLines(out.resolve("continual.csv")))
                .hasSize(1 + 2 * 2)
                .anyMatch(row -> row.startsWith("replay,er-reservoir,30,0,1,1,4,")) // full from the first step on
                .anyMatch(row -> row.startsWith("replay,er-reservoir,30,0,2,2,4,"))
                .anyMatch(row -> row.startsWith("replay,dm+reservoir,30,0,2,2,%d,".formatted(STORED + 2)));
    }

    @Test
    @DisplayName("with --total-images, divides the images of every memory among the classes so far")
    void totalImages() throws IOException {
        assertThat(
                        run(
                                "--protocol replay --methods dm+reservoir,er-reservoir,reservoir,herding,tile --epochs 1 --total-images 4 --json"))
                .as(terminal.err())
                .isEqualTo(ExitCode.DONE);

        assertThat(memories.getFirst())
                .containsEntry("reverie.memory.total-images", "2"); // the other half is the reservoir's
        assertThat(started).extracting(DistillationSettings::ipc).containsExactly(2);
        List<String> rows = Files.readAllLines(out.resolve("continual.csv"));
        assertThat(rows)
                .anyMatch(
                        row -> row.startsWith("replay,dm+reservoir,30,0,1,1,%d,".formatted(TinyImageFolder.LOWER + 2)));
        assertThat(rows)
                .filteredOn(row -> row.matches("replay,er-reservoir,30,0,[12],.,4,.*"))
                .hasSize(2);
        for (String coreset : List.of("reservoir", "herding", "tile")) {
            assertThat(rows)
                    .anyMatch(row -> row.startsWith("replay," + coreset + ",30,0,1,1,4,"))
                    .anyMatch(row -> row.startsWith("replay," + coreset + ",30,0,2,2,4,"));
            assertThat(NpzFile.read(out.resolve("memory-" + coreset + "-0.npz")).parameterLabels())
                    .containsExactly(0, 0, 1, 1);
        }
        JsonNode settings = terminal.json().get("settings");
        assertThat(settings.get("total_images").intValue()).isEqualTo(4);
        assertThat(settings.get("images").intValue()).isEqualTo(4);
        assertThat(out.resolve("continual.svg")).content().contains("4 images stored,");
    }
}
