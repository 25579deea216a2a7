package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reverie.gpu.method.MatchingEngine;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("bench step")
class BenchStepCommandTest {

    private static final String[] SMALL = {
        "bench",
        "step",
        "--shape",
        "1,8,8",
        "--width",
        "4",
        "--ipc",
        "1",
        "--factor",
        "1",
        "--real",
        "2",
        "--repeats",
        "3"
    };

    @Test
    @DisplayName("prints exactly one JSON object with what was timed and how long it took")
    void json() throws IOException {
        CapturedTerminal terminal = CapturedTerminal.with(MatchingEngine::open);
        String[] arguments = Arrays.copyOf(SMALL, SMALL.length + 1);
        arguments[SMALL.length] = "--json";

        assertThat(terminal.run(arguments)).isEqualTo(ExitCode.DONE);

        JsonNode report = new ObjectMapper().readTree(terminal.out());
        assertThat(report.fieldNames())
                .toIterable()
                .containsExactly(
                        "shape",
                        "width",
                        "ipc",
                        "factor",
                        "real",
                        "ms",
                        "repeats",
                        "gflop",
                        "gflops",
                        "limits",
                        "fraction");
        assertThat(report.get("shape").toString()).isEqualTo("[1,8,8]");
        assertThat(report.get("ms").fieldNames()).toIterable().containsExactly("min", "median", "max");
        assertThat(report.get("repeats").intValue()).isEqualTo(3);
        assertThat(terminal.err()).isEmpty();
    }

    @Test
    @DisplayName("tells a person in a sentence")
    void sentence() {
        CapturedTerminal terminal = CapturedTerminal.with(MatchingEngine::open);

        assertThat(terminal.run(SMALL)).isEqualTo(ExitCode.DONE);
        assertThat(terminal.out()).startsWith("one class step at 1x8x8, width 4: median ");
    }

    @Test
    @DisplayName("refuses a shape of another form")
    void badShape() {
        CapturedTerminal terminal = new CapturedTerminal();

        assertThat(terminal.run("bench", "step", "--shape", "28x28")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err())
                .contains("write channels,height,width, for example 3,32,32")
                .hasLineCount(1);
    }

    @Test
    @DisplayName("refuses numbers out of range")
    void outOfRange() {
        CapturedTerminal terminal = new CapturedTerminal();

        assertThat(terminal.run("bench", "step", "--repeats", "0")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err())
                .contains("--repeats is a number from 1 to 100000, not 0")
                .hasLineCount(1);
    }
}
