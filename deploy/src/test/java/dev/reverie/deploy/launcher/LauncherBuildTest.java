package dev.reverie.deploy.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.reverie.deploy.launcher.Checkout.Outcome;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The launcher builds")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it is a POSIX shell script")
class LauncherBuildTest {

    private Checkout checkout;
    private Path jdk;

    @BeforeEach
    void checkOut(@TempDir Path folder) throws Exception {
        checkout = Checkout.in(folder.toRealPath());
        jdk = checkout.withJdk("25");
    }

    @Test
    @DisplayName("before the first start, and says so in one line on stderr")
    void whenNothingWasBuilt() throws Exception {
        checkout.withMaven();

        Outcome outcome = checkout.start("demo");

        assertThat(checkout.builds()).singleElement().asString().endsWith(" package");
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.err().lines()).singleElement().asString().startsWith("reverie: building");
        assertThat(outcome.out()).startsWith("java ");
    }

    @Test
    @DisplayName("only once as long as no source changes")
    void onlyOnce() throws Exception {
        checkout.withMaven().start("demo");

        Outcome outcome = checkout.start("demo");

        assertThat(checkout.builds()).hasSize(1);
        assertThat(outcome.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpu", "gpu/torch", "clients/java"})
    @DisplayName("again if a source file of a module is newer than the last build")
    void againWhenASourceIsNewer(String module) throws Exception {
        checkout.withMaven().start("demo");

        checkout.editSourceOf(module);
        checkout.start("demo");

        assertThat(checkout.builds()).hasSize(2);
    }

    @Test
    @DisplayName("again for another engine")
    void againForAnotherEngine() throws Exception {
        checkout.withMaven().start("demo");

        checkout.with("REVERIE_ENGINE", "cuda").start("demo");

        assertThat(checkout.builds()).hasSize(2).last().asString().contains(" -Pcuda ");
    }

    @Test
    @DisplayName("libtorch when it is chosen for the first time, and not again")
    void addsLibtorch() throws Exception {
        checkout.withMaven().start("demo");

        checkout.with("REVERIE_ENGINE", "torch").start("demo");
        checkout.start("demo");

        assertThat(checkout.builds()).hasSize(2);
        assertThat(checkout.builds().getFirst()).contains(" -pl !gpu/torch,!gpu/onnx ");
        assertThat(checkout.builds().getLast()).doesNotContain("gpu/torch");
    }

    @Test
    @DisplayName("ONNX Runtime for the first command that names an ONNX file, and again if a source is newer")
    void addsOnnx() throws Exception {
        checkout.withMaven().start("demo");
        checkout.start("distill", "--features", "model.onnx", "--out", "run");
        checkout.start("evaluate", "--probe", "model.onnx");
        checkout.start("demo");

        assertThat(checkout.builds()).hasSize(2).last().asString().contains(" -pl !gpu/torch ");

        checkout.editSourceOf("gpu/onnx");
        checkout.start("demo");
        checkout.start("evaluate", "--probe", "model.onnx");

        assertThat(checkout.builds()).hasSize(4);
    }

    @Test
    @DisplayName("libtorch again for another variant of it, and when it is gone")
    void libtorchAgain() throws Exception {
        checkout.withMaven().with("REVERIE_ENGINE", "torch");
        checkout.with("TORCH_VARIANT", "cpu").start("demo");

        checkout.with("TORCH_VARIANT", "-gpu").start("demo");
        checkout.start("demo");
        checkout.removeLibtorch();
        checkout.start("demo");

        assertThat(checkout.builds()).hasSize(3);
        assertThat(checkout.builds().getFirst()).doesNotContain("torch.variant");
        assertThat(checkout.builds().getLast()).contains(" -Dtorch.variant=-gpu ");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = "ND4J is the default here")
    @DisplayName("nothing if ND4J is chosen by its name, its former name, or as what suits a machine without a GPU")
    void buildsNothingForNd4j() throws Exception {
        assumeThat(Path.of("/dev/nvidia0")).as("a GPU").doesNotExist();
        checkout.withMaven().start("demo");

        Outcome outcome = checkout.with("REVERIE_ENGINE", "auto").start("demo");
        checkout.with("REVERIE_ENGINE", "nd4j").start("demo");
        checkout.with("REVERIE_ENGINE", "cpu").start("demo");

        assertThat(checkout.builds()).hasSize(1);
        assertThat(outcome.err()).isEqualTo("reverie: the engine is nd4j\n");
    }

    @Test
    @DisplayName("and refuses an engine that does not exist")
    void refusesAnUnknownEngine() throws Exception {
        Outcome outcome = checkout.withMaven().with("REVERIE_ENGINE", "abacus").start("demo");

        assertThat(outcome)
                .isEqualTo(new Outcome(
                        2, "", "reverie: REVERIE_ENGINE must be auto, nd4j, torch or cuda, not 'abacus'.\n"));
    }

    @Test
    @DisplayName("and, if the build fails, shows Maven's errors and exits with 1")
    void showsMavensErrors() throws Exception {
        Outcome outcome = checkout.withFailingMaven().start("demo");

        assertThat(outcome.exitCode()).isEqualTo(1);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .contains("[ERROR] Thing.java:[1,1] not a statement")
                .doesNotContain("a lot of talk");
    }

    @ParameterizedTest
    @CsvSource({
        "2.2.1, mvnw",
        "3.6.3, mvnw",
        "3.7.0, mvnw",
        "3.8.7, maven",
        "3.10.0, maven",
        "4.0.0-rc-4, maven",
        "10.0.0, maven"
    })
    @DisplayName("with the installed Maven if it is new enough, otherwise with the Maven wrapper")
    void usesAMavenThatIsNewEnough(String version, String used) throws Exception {
        checkout.withMaven(version).withMavenWrapper();

        Outcome outcome = checkout.start("test");

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).startsWith(used + " on ");
    }

    @Test
    @DisplayName("with the Maven wrapper if no Maven is installed")
    void usesTheWrapper() throws Exception {
        checkout.withMavenWrapper();

        Outcome outcome = checkout.start("demo");

        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(checkout.builds()).singleElement().asString().endsWith(" package");
    }

    @Test
    @DisplayName("and runs the unit tests with Maven's verify, on the JDK that it found, and shows its output")
    void runsTheTests() throws Exception {
        checkout.withMaven();

        Outcome outcome = checkout.start("test");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out()).startsWith("maven on " + jdk).endsWith(" -DskipITs verify\n");
    }

    @Test
    @DisplayName("and runs all tests, on each engine, with --all")
    void runsAllTests() throws Exception {
        checkout.withMaven();

        Outcome outcome = checkout.start("test", "--all");

        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.out())
                .contains(" -Pfuzz,jmh ")
                .endsWith(" verify\n")
                .doesNotContain("gpu/torch", "-DskipITs");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = "the archive is for this platform")
    @DisplayName("the archive without running tests, even if no source has changed since the last build")
    void packages() throws Exception {
        checkout.withMaven().start("demo");

        Outcome outcome = checkout.start("package");

        assertThat(outcome.exitCode()).isZero();
        assertThat(checkout.builds())
                .hasSize(2)
                .last()
                .asString()
                .contains("-Pdist ", "-Dmaven.test.skip=true ")
                .endsWith(" package");
    }
}
