package dev.reverie.deploy.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Skipped if docker-compose is not installed, unless {@code REVERIE_TEST_PROGRAMS=required} is set. */
@DisplayName("Docker Compose")
class ComposeIT {

    @ParameterizedTest
    @ValueSource(strings = {"compose", "compose/cluster"})
    @DisplayName("accepts the Compose file with the example environment")
    void schema(String folder) throws Exception {
        PackagingTool.Result result = PackagingTool.run(
                "docker-compose",
                ComposeTest.example(Path.of(folder)),
                "docker-compose",
                "--file",
                folder + "/compose.yaml",
                "config",
                "--quiet");

        assertThat(result).isEqualTo(new PackagingTool.Result(0, ""));
    }
}
