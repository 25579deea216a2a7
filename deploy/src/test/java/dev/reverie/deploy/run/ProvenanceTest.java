package dev.reverie.deploy.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The origin of a build")
class ProvenanceTest {

    private static final Path SCRIPT = Path.of("src/main/archive/provenance");

    private final Path project;
    private final Path script;

    /** Copies the script to its place in a project of its own. */
    ProvenanceTest(@TempDir Path folder) throws Exception {
        project = folder.toRealPath();
        script = Files.copy(
                SCRIPT,
                Files.createDirectories(project.resolve("deploy/src/main/archive"))
                        .resolve("provenance"));
    }

    @Test
    @DisplayName("is unknown without Git")
    void withoutGit() throws Exception {
        assertThat(written())
                .isEqualTo(new Provenance("unknown", false, "25.0.1", List.of("pekko 1.7.0", "sqlite 3.54.1.0")));
        assertThat(written().describe()).contains("commit: unknown", "libraries: pekko 1.7.0, sqlite 3.54.1.0");
    }

    @Test
    @DisplayName("is the commit of the checkout, and says whether the sources were changed after it")
    void checkout() throws Exception {
        run("git", "init", "-q");
        run("git", "add", "deploy");
        run("git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "Begin");

        assertThat(written().commit()).matches("[0-9a-f]{40}");
        assertThat(written().clean()).isTrue();

        Files.writeString(project.resolve("deploy/New.java"), "class New {}");

        assertThat(written().clean()).isFalse();
        assertThat(written().describe()).first().asString().endsWith(", with changes that are not in the commit");
    }

    private Provenance written() throws Exception {
        Path file = project.resolveSibling(project.getFileName() + ".properties");
        run("sh", script.toString(), file.toString(), "25.0.1", "pekko=1.7.0", "sqlite=3.54.1.0");
        Properties properties = new Properties();
        properties.load(new StringReader(Files.readString(file, StandardCharsets.UTF_8)));
        Files.delete(file);
        return Provenance.of(properties);
    }

    private void run(String... command) throws Exception {
        assertThat(new ProcessBuilder(command)
                        .directory(project.toFile())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }
}
