package dev.reverie.deploy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.launcher.Checkout.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The launcher starts Java and")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it is a POSIX shell script")
class LauncherStartTest {
    private Checkout checkout;
    private Path jdk;
    private Path launcher;

    @BeforeEach
    void checkOut(@TempDir Path folder) throws Exception {
        checkout = Checkout.in(folder.toRealPath());
        jdk = checkout.withJdk("25");
        checkout.withMaven();
        launcher = checkout.withArchive();
    }

    @Test
    @DisplayName("passes the arguments unchanged, after the options for Java")
    void passesArgumentsOn() throws Exception {
        Outcome outcome = checkout.start("distill", "--out", "a folder", "");

        assertThat(outcome.out().lines())
                .startsWith("java " + jdk.resolve("bin/java"))
                .contains("[--enable-native-access=ALL-UNNAMED]")
                .endsWith("[distill]", "[--out]", "[a folder]", "[]");
    }

    @Test
    @DisplayName("puts the user's options for Java after its own, so that they take precedence")
    void userOptionsWin() throws Exception {
        Outcome outcome = checkout.with("REVERIE_JAVA_OPTS", "-Xmx4g -Da=b").start("demo");

        assertThat(outcome.out().lines()).containsSubsequence("[-Xmx1500m]", "[-Xmx4g]", "[-Da=b]", "[-jar]");
    }

    @Test
    @DisplayName(
            "leaves the choice of the garbage collector to the user, because Java takes only one, with its options")
    void usersCollector() throws Exception {
        assertThat(checkout.start("demo").out()).contains("[-XX:+UseSerialGC]", "[-Xmn200m]");

        Outcome outcome = checkout.with("REVERIE_JAVA_OPTS", "-XX:+UseG1GC").start("demo");

        assertThat(outcome.out()).contains("[-XX:+UseG1GC]").doesNotContain("[-XX:+UseSerialGC]", "[-Xmn200m]", "[]");
    }

    @Test
    @DisplayName("starts Java from the archive of classes if the build has written one")
    void archiveOfClasses() throws Exception {
        assertThat(checkout.start("demo").out()).doesNotContain("SharedArchiveFile");
        Path archive = checkout.launcher().resolveSibling("deploy/target/reverie/classes.jsa");
        Files.createFile(archive);

        Outcome outcome = checkout.start("demo");

        assertThat(outcome.out())
                .containsPattern("\\[-XX:SharedArchiveFile=.*/deploy/target/reverie/classes.jsa]\n")
                .endsWith("[demo]\n");
    }

    @Test
    @DisplayName("puts libtorch before the application on the class path if it is the engine")
    void libtorchComesFirst() throws Exception {
        Outcome outcome = checkout.with("REVERIE_ENGINE", "torch").start("demo", "--ipc", "1");

        assertThat(outcome.out())
                .containsPattern(
                        "\\[-cp]\n\\[.*/gpu/torch/target/lib/\\*:.*/gpu/onnx/target/lib/\\*:.*/lib/reverie.jar]\n")
                .endsWith("[dev.reverie.deploy.Reverie]\n[demo]\n[--ipc]\n[1]\n")
                .doesNotContain("[-jar]");
    }

    @Test
    @DisplayName("puts ONNX Runtime on the class path of a command that names an ONNX file")
    void onnx() throws Exception {
        Outcome outcome = checkout.start("evaluate", "--probe", "model.onnx");

        assertThat(outcome.out())
                .containsPattern("\\[-cp]\n\\[.*/gpu/onnx/target/lib/\\*:.*/lib/reverie.jar]\n")
                .endsWith("[dev.reverie.deploy.Reverie]\n[evaluate]\n[--probe]\n[model.onnx]\n");
    }

    @Test
    @DisplayName("exits with the application's exit code")
    void passesTheExitCodeOn() throws Exception {
        Outcome outcome = checkout.with("EXIT_CODE", 130).start("demo");

        assertThat(outcome.exitCode()).isEqualTo(130);
    }

    @Test
    @DisplayName("works through a symbolic link")
    void worksThroughALink() throws Exception {
        Path link = Files.createSymbolicLink(jdk.resolve("rv"), checkout.launcher());

        Outcome outcome = checkout.start(link, "demo");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out())
                .contains(checkout.launcher().resolveSibling("deploy").toString());
    }

    @Test
    @DisplayName("takes the bundled Java of an archive, with the same options as in a checkout")
    void sameFlags() throws Exception {
        checkout.with("REVERIE_JAVA_OPTS", "-Xmx4g -Da=b");

        List<String> here = checkout.start(launcher, "serve", "--store", "a folder")
                .out()
                .lines()
                .toList();
        List<String> there =
                checkout.start("serve", "--store", "a folder").out().lines().toList();

        Path home = launcher.resolve("../..").normalize();
        assertThat(here).startsWith("java " + home.resolve("runtime/bin/java"));
        assertThat(here).contains("[" + home.resolve("lib/reverie.jar") + "]");
        assertThat(withoutPaths(here)).isEqualTo(withoutPaths(there));
    }

    @Test
    @DisplayName("works in an archive through a chain of symbolic links")
    void worksThroughLinks() throws Exception {
        Path one = Files.createSymbolicLink(launcher.resolveSibling("one"), Path.of("reverie"));
        Path two = Files.createSymbolicLink(checkout.source("gpu").resolveSibling("two"), one);

        Outcome outcome = checkout.start(two, "--version");

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).endsWith("[--version]\n");
    }

    @Test
    @DisplayName("computes with libtorch in an archive that contains it, unless ND4J is chosen")
    void libtorch() throws Exception {
        Path libtorch =
                Files.createDirectories(launcher.resolve("../../lib/torch").normalize());

        Outcome byDefault = checkout.start(launcher, "serve");
        Outcome suitable = checkout.with("REVERIE_ENGINE", "auto").start(launcher, "serve");
        Outcome onNd4j = checkout.with("REVERIE_ENGINE", "nd4j").start(launcher, "serve");
        Outcome onCpu = checkout.with("REVERIE_ENGINE", "cpu").start(launcher, "serve");

        assertThat(byDefault.out())
                .contains("[-cp]\n[" + libtorch + "/*:")
                .endsWith("[dev.reverie.deploy.Reverie]\n[serve]\n");
        assertThat(suitable).isEqualTo(byDefault);
        assertThat(onNd4j.out()).contains("[-jar]").doesNotContain("torch");
        assertThat(onCpu).isEqualTo(onNd4j);
    }

    private static List<String> withoutPaths(List<String> lines) {
        return lines.stream()
                .filter(line -> !line.startsWith("java ") && !line.endsWith("reverie.jar]"))
                .toList();
    }
}
