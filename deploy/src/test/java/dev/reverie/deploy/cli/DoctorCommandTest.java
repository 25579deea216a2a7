package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("doctor")
class DoctorCommandTest {

    private final CapturedTerminal terminal = new CapturedTerminal();

    @Test
    @DisplayName("finds that ND4J works here, and says how to get libtorch")
    void works() {
        terminal.succeeds("doctor");

        assertThat(terminal.out())
                .containsPattern("(?m)^nd4j      usable: 1\\.0\\.0-M2\\.1 \\S+ on the CPU; product \\S+ ms, class step")
                .containsPattern("(?m)^libtorch  not built: run REVERIE_ENGINE=torch ./reverie doctor")
                .containsPattern("(?m)^results   correct: at most \\S+ from double precision, within the tolerance")
                .containsPattern("(?m)^machine   .*, \\d+ cores?, .* GiB of memory");
        assertThat(terminal.err()).isEmpty();
    }

    @Test
    @DisplayName("exits with 2 if a start would not work")
    void unusable() {
        assertThat(terminal.withEnvironment(Map.of("REVERIE_ENGINE", "torch")).run("doctor"))
                .isEqualTo(ExitCode.WRONG_INPUT);

        assertThat(terminal.out()).contains("start     no engine: this program was built without the engine torch");
    }

    @Test
    @DisplayName("prints its findings as one JSON object with --json")
    void json() throws Exception {
        terminal.succeeds("doctor", "--json");

        JsonNode findings = terminal.json();
        assertThat(findings.at("/start/engine").asText()).isEqualTo("nd4j");
        assertThat(findings.at("/engines")).hasSize(3);
        assertThat(findings.at("/engines/0/usable").asBoolean()).isTrue();
        assertThat(findings.at("/engines/0/step/difference").doubleValue()).isBetween(0.0, 1e-4);
        assertThat(findings.at("/engines/1/problem").asText()).contains("REVERIE_ENGINE=torch");
        assertThat(findings.at("/results/agree").asBoolean()).isTrue();
        assertThat(findings.at("/machine/cores").intValue()).isPositive();
    }
}
