package dev.reverie.deploy.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Skipped where docker-compose is missing, unless the environment says {@code REVERIE_TEST_PROGRAMS=required}. */
@DisplayName("Docker Compose")
class ComposeIT {

    @Test
    @DisplayName("finds the Compose file in order by its schema, with the environment of the example")
    void schema() throws Exception {
        ExternalProgram.Verdict verdict = ExternalProgram.run(
                "docker-compose",
                ComposeTest.example(),
                "docker-compose",
                "--file",
                "compose/compose.yaml",
                "config",
                "--quiet");

        assertThat(verdict).isEqualTo(new ExternalProgram.Verdict(0, ""));
    }
}
