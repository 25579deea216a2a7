package dev.reverie.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reverie.deploy.cli.CapturedTerminal;
import dev.reverie.deploy.cli.ExitCode;
import dev.reverie.gpu.tensor.Device;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("bench")
class BenchCommandsTest {

    private static final String STEP = "--ipc 1 --factor 1 --real 2";
    private static final String LOOP = STEP + " --images 4 --samples 4 --interval 2 --repeats 1";
    private static final List<String> OUTCOME = List.of("ms", "repeats", "gflop", "gflops", "limits", "fraction");

    private final CapturedTerminal terminal = CapturedTerminal.with(Device::kernels);

    @ParameterizedTest
    @CsvSource({
        "step --repeats 3 " + STEP + ", 3, shape width ipc factor real method style",
        "step --method dm --style-moments 180 --style-correlations 10000 --repeats 3 " + STEP
                + ", 3, shape width ipc factor real method style",
        "train --repeats 3 --batch 4, 3, shape width batch",
        "embed --repeats 3 --images 4, 3, shape width images",
        "cluster --repeats 3 --images 8 --representatives 2, 3, shape width images representatives data",
        "loop " + LOOP + ", 1, shape width method ipc factor real images samples interval data"
    })
    @DisplayName("prints exactly one JSON object with the case, its time and the limits of the machine")
    void json(String command, int repeats, String settings) throws IOException {
        assertThat(run(command + " --json")).isEqualTo(ExitCode.DONE);

        JsonNode report = terminal.json();
        List<String> fields = new ArrayList<>(List.of(settings.split(" ", -1)));
        fields.addAll(OUTCOME);
        assertThat(report.fieldNames()).toIterable().containsExactlyElementsOf(fields);
        assertThat(report.get("shape").toString()).isEqualTo("[1,8,8]");
        assertThat(report.get("ms").fieldNames()).toIterable().containsExactly("min", "median", "max");
        assertThat(report.get("repeats").intValue()).isEqualTo(repeats);
        assertThat(report.get("gflop").doubleValue()).isPositive();
        assertThat(report.get("limits").fieldNames())
                .toIterable()
                .containsExactly("gemm_gflops", "convolution_gflops", "copy_gigabytes_per_second");
        assertThat(terminal.err()).isEmpty();
    }

    @Test
    @DisplayName("prints a small table without --json")
    void table() {
        assertThat(run("step " + STEP)).isEqualTo(ExitCode.DONE);

        assertThat(terminal.out())
                .startsWith("one class step at 1x8x8, width 4: median ")
                .contains("GFLOP/s", "machine", "reached");
    }

    @Test
    @DisplayName("profile prints the time of every kernel of a loop, also as Markdown")
    void profile() {
        assertThat(run("profile --markdown " + LOOP)).isEqualTo(ExitCode.DONE);

        assertThat(terminal.out())
                .startsWith("one inner loop of dream over 10 classes of generated at 1x8x8, width 4: ")
                .contains("outside the worker", "| phase | caller | kernel |", "| other code, waiting |");
        assertThat(terminal.out().lines().filter(line -> line.startsWith("|")))
                .allSatisfy(
                        line -> assertThat(line.chars().filter(c -> c == '|')).hasSize(11));
    }

    @Test
    @DisplayName("telemetry prints the cost of metrics per loop, in all and for each part")
    void telemetry() throws IOException {
        assertThat(run("telemetry " + LOOP + " --json")).isEqualTo(ExitCode.DONE);

        JsonNode cost = terminal.json();
        assertThat(cost.at("/ms/median").doubleValue()).isPositive();
        // of two loops: 10 classes join, are initialised, get representatives, are matched twice; 2 trainings, 2 ends
        assertThat(cost.get("events").doubleValue()).isBetween((10 + 10 + 10 + 20 + 4) / 2.0, (10 + 60 + 6) / 2.0);
        assertThat(cost.get("event_micros").doubleValue()).isPositive();
        assertThat(cost.get("kernel_calls").doubleValue()).isGreaterThan(10 * 10);
        assertThat(cost.get("scrape_ms").doubleValue()).isPositive();
        double parts =
                cost.get("events").doubleValue() * cost.get("event_micros").doubleValue() / 1e3
                        + cost.get("kernel_calls").doubleValue()
                                * cost.get("kernel_call_nanos").doubleValue()
                                / 1e6;
        assertThat(cost.get("share").doubleValue())
                .isCloseTo(
                        parts / cost.at("/ms/median").doubleValue()
                                + cost.get("scrape_ms").doubleValue() / 15_000,
                        within(1e-9));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "step --repeats 0",
                "step --real 0",
                "train --batch 0",
                "embed --images 0",
                "cluster --images 5 --representatives 6",
                "loop --images 1 --ipc 2",
                "profile --interval 0",
                "telemetry --images 1 --ipc 2"
            })
    @DisplayName("refuses numbers out of range before any work begins")
    void outOfRange(String command) {
        CapturedTerminal terminal = new CapturedTerminal();

        assertThat(run(terminal, command)).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err()).contains(" must be from ").hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "step --factor 9 --shape 1,8,8 | --factor 9 divides images of 1x8x8 into parts smaller than a pixel: choose",
                "loop --factor 9 --shape 1,8,8 | --factor 9 divides images of 1x8x8 into parts smaller than a pixel: choose",
                "step --shape 1,1,8 | --factor 2 divides images of 1x1x8 into parts smaller than a pixel: choose at most 1",
                "train --shape 3,1,8 | images of 3x1x8 are too small for the network: choose a --shape with larger sides",
                "embed --shape 3,8,1 | images of 3x8x1 are too small for the network",
                "cluster --shape 3,1,1 | images of 3x1x1 are too small for the network",
                "step --ipc 1000 --factor 1 --shape 3,1000,1000 | makes 1000 images of 3x1000x1000, which have more values",
                "profile --ipc 1000 --factor 10 --shape 3,32,32 | makes 1000000 images of 3x32x32, which have more values",
                "step --shape 28x28 | write channels,height,width, for example 3,32,32",
                "step --shape 200,9999,9999 | write a shape of at most 16777216",
                "loop --ipc 1000 --factor 16 | needs 256000 images per class, more than 100000: lower one of them",
                "ingest --token T | name the service that requires it with --to",
                "sample --token T | name the service that requires it with --to",
                "sample --token-file token | name the service that requires it with --to",
                "ingest --seconds 3601 | --seconds must be from 1 to 3600, not 3601"
            })
    @DisplayName(
            "refuses images that are too small or too large, and other options that cannot be, before any work begins")
    void refused(String command, String message) {
        CapturedTerminal terminal = new CapturedTerminal();

        assertThat(terminal.run(("bench " + command).split(" ", -1))).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err()).startsWith("reverie: ").contains(message).hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "step --method tgdd | has no class step to time: choose one of dream, dream-plus, idc, dc, dsa, dm, dance",
                "step --method herding | has no class step to time: choose one of dream, dream-plus, idc, dc, dsa, dm",
                "step --style-moments 1 | the objective gradients, which matches gradients: choose --method dm"
            })
    @DisplayName("refuses methods without a class step, and style terms for methods that match gradients")
    void badMethods(String command, String message) {
        assertThat(run(command)).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err())
                .contains(message)
                .doesNotContain("--objective")
                .hasLineCount(1);
    }

    private int run(String command) {
        return run(terminal, command);
    }

    private static int run(CapturedTerminal terminal, String command) {
        return terminal.run(("bench " + command + " --shape 1,8,8 --width 4").split(" ", -1));
    }
}
