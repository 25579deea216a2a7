package dev.reverie.deploy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.launcher.Checkout.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The launcher")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it is a POSIX shell script")
class LauncherTest {

    private Checkout checkout;

    @BeforeEach
    void checkOut(@TempDir Path folder) throws Exception {
        checkout = Checkout.in(folder.toRealPath());
    }

    @Nested
    @DisplayName("looks for a JDK and")
    class Jdk {

        @Test
        @DisplayName("takes the one in JAVA_HOME if it is new enough")
        void prefersJavaHome() throws Exception {
            // given
            checkout.withJdk("25.0.1");
            Path chosen = checkout.withJdk("26");

            // when
            Outcome outcome = checkout.with("JAVA_HOME", chosen).start("jdk");

            // then
            assertThat(outcome).isEqualTo(new Outcome(0, chosen + "\n", ""));
        }

        @Test
        @DisplayName("ignores an old JAVA_HOME")
        void ignoresAnOldJavaHome() throws Exception {
            // given
            Path old = checkout.withJdk("17.0.15");
            Path found = checkout.withJdk("25.0.1");

            // when
            Outcome outcome = checkout.with("JAVA_HOME", old).start("jdk");

            // then
            assertThat(outcome.out()).isEqualTo(found + "\n");
        }

        @Test
        @DisplayName("takes the oldest sufficient one in the usual folders")
        void takesTheOldestSufficientOne() throws Exception {
            // given
            checkout.withJdk("21");
            checkout.withJdk("27-ea");
            Path found = checkout.withJdk("25");

            // when
            Outcome outcome = checkout.start("jdk");

            // then
            assertThat(outcome.out()).isEqualTo(found + "\n");
        }

        @Test
        @DisplayName("ignores a runtime without a compiler")
        void needsACompiler() throws Exception {
            // given
            Files.delete(checkout.withJdk("25").resolve("bin/javac"));
            Path found = checkout.withJdk("26");

            // when
            Outcome outcome = checkout.start("jdk");

            // then
            assertThat(outcome.out()).isEqualTo(found + "\n");
        }

        @ParameterizedTest
        @CsvSource({
            "apt-get, sudo apt install openjdk-25-jdk",
            "dnf, sudo dnf install java-25-openjdk-devel",
            "zypper, sudo zypper install java-25-openjdk-devel",
            "pacman, sudo pacman -S jdk-openjdk",
            "apk, sudo apk add openjdk25",
            "brew, brew install openjdk"
        })
        @DisplayName("without one names the command of this system's package manager and exits with 2")
        void namesTheCommandOfThePackageManager(String manager, String command) throws Exception {
            // given
            checkout.withJdk("17.0.15");
            checkout.withProgram(manager);

            // when
            Outcome outcome = checkout.start("demo");

            // then
            assertThat(outcome.exitCode()).isEqualTo(2);
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err())
                    .startsWith("reverie: no JDK 25 or newer found")
                    .contains("\nInstall one: " + command + "\n", "https://adoptium.net");
        }

        @Test
        @DisplayName("without one and without a known package manager names a download page and exits with 2")
        void namesADownloadPage() throws Exception {
            // when
            Outcome outcome = checkout.start("demo");

            // then
            assertThat(outcome.exitCode()).isEqualTo(2);
            assertThat(outcome.err())
                    .startsWith("reverie: no JDK 25 or newer found")
                    .contains("https://adoptium.net", "JAVA_HOME")
                    .doesNotContain("Install one");
        }
    }

    @Nested
    @DisplayName("builds")
    class Build {

        @BeforeEach
        void installAJdk() throws Exception {
            checkout.withJdk("25");
        }

        @Test
        @DisplayName("before the first start, and says so in one line on stderr")
        void whenNothingWasBuilt() throws Exception {
            // given
            checkout.withMaven();

            // when
            Outcome outcome = checkout.start("demo");

            // then
            assertThat(checkout.builds()).singleElement().asString().endsWith(" package");
            assertThat(outcome.exitCode()).isZero();
            assertThat(outcome.err().lines()).singleElement().asString().startsWith("reverie: building");
            assertThat(outcome.out()).startsWith("java ");
        }

        @Test
        @DisplayName("only once as long as no source changes")
        void onlyOnce() throws Exception {
            // given
            checkout.withMaven().start("demo");

            // when
            Outcome outcome = checkout.start("demo");

            // then
            assertThat(checkout.builds()).hasSize(1);
            assertThat(outcome.err()).isEmpty();
        }

        @Test
        @DisplayName("again if a source file is newer than the last build")
        void againWhenASourceIsNewer() throws Exception {
            // given
            checkout.withMaven().start("demo");

            // when
            checkout.editSource();
            checkout.start("demo");

            // then
            assertThat(checkout.builds()).hasSize(2);
        }

        @Test
        @DisplayName("again for another engine")
        void againForAnotherEngine() throws Exception {
            // given
            checkout.withMaven().start("demo");

            // when
            checkout.with("REVERIE_ENGINE", "cuda").start("demo");

            // then
            assertThat(checkout.builds()).hasSize(2).last().asString().contains(" -Pcuda ");
        }

        @Test
        @DisplayName("and refuses an engine that does not exist")
        void refusesAnUnknownEngine() throws Exception {
            // when
            Outcome outcome =
                    checkout.withMaven().with("REVERIE_ENGINE", "abacus").start("demo");

            // then
            assertThat(outcome)
                    .isEqualTo(new Outcome(2, "", "reverie: REVERIE_ENGINE must be cpu or cuda, not 'abacus'.\n"));
        }

        @Test
        @DisplayName("and, if the build fails, shows Maven's errors and exits with 1")
        void showsMavensErrors() throws Exception {
            // when
            Outcome outcome = checkout.withFailingMaven().start("demo");

            // then
            assertThat(outcome.exitCode()).isEqualTo(1);
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err())
                    .contains("[ERROR] Thing.java:[1,1] not a statement")
                    .doesNotContain("a lot of talk");
        }

        @Test
        @DisplayName("with the Maven wrapper if no Maven is installed")
        void usesTheWrapper() throws Exception {
            // given
            checkout.withMavenWrapper();

            // when
            Outcome outcome = checkout.start("demo");

            // then
            assertThat(outcome.exitCode()).as(outcome.err()).isZero();
            assertThat(checkout.builds()).singleElement().asString().endsWith(" package");
        }
    }

    @Nested
    @DisplayName("starts Java and")
    class HandOver {

        private Path jdk;

        @BeforeEach
        void installEverything() throws Exception {
            jdk = checkout.withJdk("25");
            checkout.withMaven();
        }

        @Test
        @DisplayName("passes the arguments unchanged, after the options for Java")
        void passesArgumentsOn() throws Exception {
            // when
            Outcome outcome = checkout.start("distill", "--out", "a folder", "");

            // then
            assertThat(outcome.out().lines())
                    .startsWith("java " + jdk.resolve("bin/java"))
                    .contains("[--enable-native-access=ALL-UNNAMED]")
                    .endsWith("[distill]", "[--out]", "[a folder]", "[]");
        }

        @Test
        @DisplayName("puts the user's options for Java after its own, so that they take precedence")
        void userOptionsWin() throws Exception {
            // when
            Outcome outcome = checkout.with("REVERIE_JAVA_OPTS", "-Xmx4g -Da=b").start("demo");

            // then
            assertThat(outcome.out().lines()).containsSubsequence("[-Xmx1500m]", "[-Xmx4g]", "[-Da=b]", "[-jar]");
        }

        @Test
        @DisplayName("exits with the application's exit code")
        void passesTheExitCodeOn() throws Exception {
            // when
            Outcome outcome = checkout.with("EXIT_CODE", 130).start("demo");

            // then
            assertThat(outcome.exitCode()).isEqualTo(130);
        }

        @Test
        @DisplayName("works through a symbolic link")
        void worksThroughALink() throws Exception {
            // given
            Path link = Files.createSymbolicLink(jdk.resolve("rv"), checkout.launcher());

            // when
            Outcome outcome = checkout.start(link, "demo");

            // then
            assertThat(outcome.exitCode()).isZero();
            assertThat(outcome.out())
                    .contains(checkout.launcher().resolveSibling("deploy").toString());
        }

        @Test
        @DisplayName("runs Maven's verify for the tests, on the JDK that it found, and shows its output")
        void runsTheTests() throws Exception {
            // when
            Outcome outcome = checkout.start("test");

            // then
            assertThat(outcome.exitCode()).isZero();
            assertThat(outcome.out()).startsWith("maven on " + jdk).endsWith(" verify\n");
        }

        @Test
        @EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = "the archive is for this platform")
        @DisplayName("packages the archive without running tests, even if no source has changed since the last build")
        void packages() throws Exception {
            // given
            checkout.start("demo");

            // when
            Outcome outcome = checkout.start("package");

            // then
            assertThat(outcome.exitCode()).isZero();
            assertThat(checkout.builds())
                    .hasSize(2)
                    .last()
                    .asString()
                    .contains("-Pdist ", "-Dmaven.test.skip=true ")
                    .endsWith(" package");
        }
    }

    @Nested
    @DisplayName("of the archive")
    class OfTheArchive {

        private Path launcher;

        @BeforeEach
        void unpack() throws Exception {
            launcher = checkout.withArchive();
        }

        @Test
        @DisplayName("starts its bundled Java with the same options as the launcher of a checkout")
        void sameFlags() throws Exception {
            // given
            checkout.withMaven().with("REVERIE_JAVA_OPTS", "-Xmx4g -Da=b");

            // when
            List<String> here = checkout.start(launcher, "serve", "--store", "a folder")
                    .out()
                    .lines()
                    .toList();
            List<String> there =
                    checkout.start("serve", "--store", "a folder").out().lines().toList();

            // then
            Path home = launcher.resolve("../..").normalize();
            assertThat(here).startsWith("java " + home.resolve("runtime/bin/java"));
            assertThat(here).contains("[" + home.resolve("lib/reverie.jar") + "]");
            assertThat(withoutPaths(here)).isEqualTo(withoutPaths(there));
        }

        @Test
        @DisplayName("works through a chain of symbolic links")
        void worksThroughLinks() throws Exception {
            // given
            Path one = Files.createSymbolicLink(launcher.resolveSibling("one"), Path.of("reverie"));
            Path two = Files.createSymbolicLink(checkout.source().resolveSibling("two"), one);

            // when
            Outcome outcome = checkout.start(two, "--version");

            // then
            assertThat(outcome.exitCode()).as(outcome.err()).isZero();
            assertThat(outcome.out()).endsWith("[--version]\n");
        }

        private static List<String> withoutPaths(List<String> lines) {
            return lines.stream()
                    .filter(line -> !line.startsWith("java ") && !line.endsWith("reverie.jar]"))
                    .toList();
        }
    }
}
