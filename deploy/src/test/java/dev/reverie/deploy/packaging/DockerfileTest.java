package dev.reverie.deploy.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The Dockerfile")
class DockerfileTest {

    private static final Path FOLDER = Path.of("docker");
    private static final String FROM = "FROM --platform=linux/amd64 ";

    private final List<String> instructions = Files.readString(FOLDER.resolve("Dockerfile"))
            .replaceAll("(?m)^\\s*#.*\\R", "")
            .replaceAll("\\\\\\R\\s*", "")
            .lines()
            .filter(line -> !line.isBlank())
            .toList();
    private final List<String> last =
            instructions.subList(instructions.lastIndexOf(FROM + "${BASE}"), instructions.size());

    DockerfileTest() throws IOException {}

    @Test
    @DisplayName("uses base images with fixed versions, for the platform of the archive")
    void pinned() {
        assertThat(instructions)
                .filteredOn(line -> line.startsWith("FROM ") || line.startsWith("ARG BASE="))
                .hasSize(3)
                .filteredOn(line -> !line.equals(FROM + "${BASE}"))
                .allMatch(line -> line.matches("(" + FROM + "|ARG BASE=)[\\w./-]+:\\d+\\.[\\w.-]+( AS \\w+)?"));
    }

    @Test
    @DisplayName("runs as a numeric user other than root, and runs nothing after the switch")
    void user() {
        assertThat(last).filteredOn(line -> line.startsWith("USER ")).containsExactly("USER 10001:10001");
        assertThat(last.subList(last.indexOf("USER 10001:10001"), last.size()))
                .noneMatch(line -> line.startsWith("RUN "));
    }

    @Test
    @DisplayName("downloads nothing but packages of the distribution")
    void noDownloads() {
        assertThat(instructions).noneMatch(line -> line.startsWith("ADD "));
        assertThat(instructions).noneMatch(line -> line.contains("://"));
        assertThat(instructions)
                .filteredOn(line -> line.contains("apt-get install"))
                .allMatch(
                        line -> line.contains("--no-install-recommends") && line.contains("rm -rf /var/lib/apt/lists"));
    }

    @Test
    @DisplayName("has a health check, a stop signal, a volume for the store, an entry point and a title")
    void properties() {
        assertThat(last).anyMatch(line -> line.startsWith("HEALTHCHECK ") && line.endsWith("CMD [\"ready\"]"));
        assertThat(last).contains("STOPSIGNAL SIGTERM", "VOLUME /var/lib/reverie", "ENTRYPOINT [\"start\"]");
        assertThat(last).anyMatch(line -> line.startsWith("LABEL ") && line.contains("org.opencontainers.image.title"));
    }

    @Test
    @DisplayName("makes secret files readable by their owner alone before it starts Reverie")
    void secrets(@TempDir Path folder) throws Exception {
        Path tokens = Files.writeString(folder.resolve("tokens"), "read 00 somebody\n");
        Path trap = Files.writeString(folder.resolve("trap"), "not overwritten");
        Files.createSymbolicLink(folder.resolve("reverie-tokens.new"), trap);
        Path password = Files.writeString(folder.resolve("password"), "secret\n");
        Path nodeKey = Files.writeString(folder.resolve("node.key"), "a key\n");
        String reverie = """
                #!/bin/sh
                stat -c %a "$REVERIE_HTTP_TOKENS_FILE"
                cat "$REVERIE_HTTP_TOKENS_FILE"
                echo "$REVERIE_STORE_POSTGRES_PASSWORD"
                stat -c %a "$REVERIE_CLUSTER_TLS_KEY"
                cat "$REVERIE_CLUSTER_TLS_KEY"
                echo "$@"
                """;
        Map<String, String> files = Map.of(
                "REVERIE_HTTP_TOKENS_FILE", tokens.toString(),
                "REVERIE_CLUSTER_TLS_KEY", nodeKey.toString(),
                "REVERIE_STORE_POSTGRES_PASSWORD_FILE", password.toString());

        assertThat(printed(folder, reverie, files, "serve", "--check"))
                .isEqualTo("600\nread 00 somebody\nsecret\n600\na key\nserve --check\n");
        assertThat(trap).hasContent("not overwritten");
    }

    @ParameterizedTest
    @CsvSource({"serve, -XX:+ExitOnOutOfMemoryError -Xmx4g", "distill, -Xmx4g"})
    @DisplayName("adds the option that ends a service without memory to those in REVERIE_JAVA_OPTS")
    void outOfMemory(String command, String options, @TempDir Path folder) throws Exception {
        String reverie = "#!/bin/sh\necho \"$REVERIE_JAVA_OPTS\"\n";

        assertThat(printed(folder, reverie, Map.of("REVERIE_JAVA_OPTS", "-Xmx4g"), command))
                .isEqualTo(options + "\n");
    }

    @Test
    @DisplayName("renews its copy of a secret file when the file changes")
    void renewedSecrets(@TempDir Path folder) throws Exception {
        Path tokens = Files.writeString(folder.resolve("tokens"), "read 00 somebody\n");
        String reverie = """
                #!/bin/sh
                echo "read 11 somebody else" >"$1"
                rounds=0
                until [ "$rounds" -eq 60 ] || grep -q 11 "$REVERIE_HTTP_TOKENS_FILE"; do
                    rounds=$((rounds + 1))
                    sleep 1
                done
                stat -c %a "$REVERIE_HTTP_TOKENS_FILE"
                cat "$REVERIE_HTTP_TOKENS_FILE"
                """;

        assertThat(printed(folder, reverie, Map.of("REVERIE_HTTP_TOKENS_FILE", tokens.toString()), tokens.toString()))
                .isEqualTo("600\nread 11 somebody else\n");
    }

    /** Returns what the entry point prints, which starts this program as Reverie. */
    private static String printed(Path folder, String reverie, Map<String, String> environment, String... arguments)
            throws Exception {
        Path program = Files.writeString(folder.resolve("reverie"), reverie);
        assertThat(program.toFile().setExecutable(true)).isTrue();
        Map<String, String> all = new HashMap<>(environment);
        all.put("PATH", folder + ":" + System.getenv("PATH"));
        all.put("TMPDIR", folder.toString());
        List<String> command =
                new ArrayList<>(List.of("sh", FOLDER.resolve("start").toString()));
        command.addAll(List.of(arguments));

        PackagingTool.Result result = PackagingTool.run("dash", all, command.toArray(String[]::new));

        assertThat(result.exitCode()).as(result.output()).isZero();
        return result.output();
    }
}
