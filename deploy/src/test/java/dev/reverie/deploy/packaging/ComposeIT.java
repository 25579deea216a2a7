package dev.reverie.deploy.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Skipped if docker-compose is not installed, unless {@code REVERIE_TEST_PROGRAMS=required} is set. */
@DisplayName("Docker Compose")
class ComposeIT {

    @Test
    @DisplayName("accepts the Compose file with the example environment")
    void schema() throws Exception {
        ExternalProgram.Result result = ExternalProgram.run(
                "docker-compose",
                ComposeTest.example(),
                "docker-compose",
                "--file",
                "compose/compose.yaml",
                "config",
                "--quiet");

        assertThat(result).isEqualTo(new ExternalProgram.Result(0, ""));
    }
}
