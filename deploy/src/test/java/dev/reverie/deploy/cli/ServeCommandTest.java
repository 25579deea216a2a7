package dev.reverie.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("serve --check")
class ServeCommandTest {

    private final CapturedTerminal terminal = new CapturedTerminal();

    @Test
    @DisplayName("prints the effective configuration with the origin of each value")
    void effective() {
        terminal.withEnvironment(Map.of("REVERIE_HTTP_PORT", "9000", "REVERIE_JAVA_OPTS", "-Xmx4g", "HOME", "/"));

        terminal.succeeds("serve", "--check");
        assertThat(terminal.out())
                .containsPattern("reverie.http.port = 9000 +# environment variable REVERIE_HTTP_PORT");
        assertThat(terminal.err()).isEmpty();
    }

    @Test
    @DisplayName("exits with 2 for unknown variables that begin with REVERIE_, and names the nearest known one")
    void unknownVariables() {
        terminal.withEnvironment(
                Map.of("REVERIE_PORT", "9000", "REVERIE_LEARNING_MEHTOD", "dm", "REVERIE_JAVA_OPT", "-Xmx4g"));

        assertThat(terminal.run("serve", "--check")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err()).isEqualToNormalizingNewlines("""
                        reverie: the environment variable REVERIE_JAVA_OPT has no meaning: unset it, or did you mean REVERIE_JAVA_OPTS?
                        reverie: the environment variable REVERIE_LEARNING_MEHTOD has no meaning: unset it, or did you mean REVERIE_LEARNING_METHOD?
                        reverie: the environment variable REVERIE_PORT has no meaning: unset it, or did you mean REVERIE_HTTP_PORT?
                        """);
    }

    @Test
    @DisplayName("exits with 2 for system properties that begin with reverie., because they set nothing")
    void properties() {
        terminal.withProperties("reverie.http.port", "reverie.learning.mehtod", "java.version");

        assertThat(terminal.run("serve", "--check")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err()).isEqualToNormalizingNewlines("""
                        reverie: the system property reverie.http.port has no meaning: set the environment variable REVERIE_HTTP_PORT instead.
                        reverie: the system property reverie.learning.mehtod has no meaning: set the environment variable REVERIE_LEARNING_METHOD instead.
                        """);
    }

    @Test
    @DisplayName("exits with 2 for a node of a cluster with an embedded store, and says what to do")
    void clusterWithEmbeddedStore() {
        terminal.withEnvironment(Map.of(
                "REVERIE_CLUSTER_ENABLED", "true",
                "REVERIE_CLUSTER_SEEDS", "127.0.0.1:17355",
                "REVERIE_CLUSTER_MEMBERS", "3"));

        terminal.refuses("set reverie.store.postgres.url.", "serve", "--check");
    }

    @Test
    @DisplayName("exits with 1 as long as the watched folder is missing, and with 2 if a file is in its place")
    void watchedFolder(@TempDir Path folder) throws IOException {
        Path watched = folder.resolve("incoming");
        terminal.withEnvironment(Map.of("REVERIE_WATCH_FOLDER", watched.toString()));

        assertThat(terminal.run("serve", "--check")).isEqualTo(ExitCode.FAILED);
        Files.createFile(watched);
        assertThat(terminal.run("serve", "--check")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err())
                .isEqualToNormalizingNewlines("reverie: reverie.watch.folder: there is no folder " + watched
                        + ": mount its drive, create it, or correct its path.\n"
                        + "reverie: reverie.watch.folder: " + watched
                        + " is not a readable folder: correct its path or its permissions.\n");
    }

    @Test
    @DisplayName("exits with 2 for a file that cannot be used, even if the address of the host cannot be found")
    void unusableFileAndUnresolvableHost(@TempDir Path folder) {
        terminal.withEnvironment(Map.of(
                "REVERIE_HTTP_HOST",
                "[::1",
                "REVERIE_KAFKA_ENABLED",
                "true",
                "REVERIE_KAFKA_CLIENT_PROPERTIES",
                folder.resolve("missing.properties").toString()));

        assertThat(terminal.run("serve", "--check")).isEqualTo(ExitCode.WRONG_INPUT);
        assertThat(terminal.err()).startsWith("reverie: reverie.kafka.client-properties: ");
    }

    @Test
    @DisplayName("ignores the variables that Kubernetes and Docker set for services")
    void serviceLinks() {
        terminal.withEnvironment(Map.of(
                "REVERIE_SERVICE_HOST", "10.0.0.7",
                "REVERIE_SERVICE_PORT", "8080",
                "REVERIE_SERVICE_PORT_HTTP", "8080",
                "REVERIE_PORT", "tcp://10.0.0.7:8080",
                "REVERIE_PORT_8080_TCP", "tcp://10.0.0.7:8080",
                "REVERIE_PORT_8080_TCP_ADDR", "10.0.0.7"));

        terminal.succeeds("serve", "--check");
        assertThat(terminal.err()).isEmpty();
    }
}
