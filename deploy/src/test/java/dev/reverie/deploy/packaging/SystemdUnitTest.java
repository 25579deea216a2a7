package dev.reverie.deploy.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The systemd unit")
class SystemdUnitTest {

    private static final Path RUNBOOKS = Path.of("..", "docs", "runbooks");
    private static final String OPTION = "-XX:+ExitOnOutOfMemoryError";

    @Test
    @DisplayName("starts after a PostgreSQL server on the same machine, and again unless that cannot help")
    void restarts() {
        assertThat(Path.of("systemd", "reverie.service"))
                .content()
                .containsPattern("\nAfter=.* postgresql\\.service\n")
                .contains("\nRestart=on-failure\n")
                .contains("\nRestartPreventExitStatus=" + ExitCode.WRONG_INPUT + "\n");
    }

    @Test
    @DisplayName("is ordered after the target of a right clock, for machines that wait for one")
    void clock() {
        assertThat(Path.of("systemd", "reverie.service"))
                .content()
                .containsPattern("\nAfter=.* time-sync\\.target ")
                .containsPattern("\nWants=.* time-sync\\.target\n");
    }

    @Test
    @DisplayName("ends the service without memory whatever REVERIE_JAVA_OPTS is, so no runbook repeats the option")
    void outOfMemory() throws IOException {
        assertThat(Path.of("systemd", "reverie.service"))
                .content()
                .contains("Environment=JDK_JAVA_OPTIONS=" + OPTION + "\n")
                .doesNotContain("Environment=REVERIE_JAVA_OPTS");
        try (Stream<Path> pages = Files.list(RUNBOOKS)) {
            List<Path> all = pages.toList();
            assertThat(all)
                    .isNotEmpty()
                    .allSatisfy(page -> assertThat(page).content().doesNotContain(OPTION));
        }
    }
}
