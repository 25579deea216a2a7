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

@DisplayName("The launcher of the archive")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it is a POSIX shell script")
class ArchiveLauncherTest {

    private Checkout checkout;
    private Path launcher;

    @BeforeEach
    void unpack(@TempDir Path folder) throws Exception {
        checkout = Checkout.in(folder.toRealPath());
        launcher = checkout.withArchive();
    }

    @Test
    @DisplayName("starts its bundled Java with the same options as the launcher of a checkout")
    void sameFlags() throws Exception {
        checkout.withMaven().with("REVERIE_JAVA_OPTS", "-Xmx4g -Da=b");

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
    @DisplayName("works through a chain of symbolic links")
    void worksThroughLinks() throws Exception {
        Path one = Files.createSymbolicLink(launcher.resolveSibling("one"), Path.of("reverie"));
        Path two = Files.createSymbolicLink(checkout.source("gpu").resolveSibling("two"), one);

        Outcome outcome = checkout.start(two, "--version");

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).endsWith("[--version]\n");
    }

    @Test
    @DisplayName("computes with libtorch if the archive contains it, unless ND4J is chosen")
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
