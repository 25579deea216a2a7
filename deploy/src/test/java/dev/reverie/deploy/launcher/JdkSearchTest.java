package dev.reverie.deploy.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.launcher.Checkout.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The launcher looks for a JDK and")
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it is a POSIX shell script")
class JdkSearchTest {

    private Checkout checkout;

    @BeforeEach
    void checkOut(@TempDir Path folder) throws Exception {
        checkout = Checkout.in(folder.toRealPath());
    }

    @Test
    @DisplayName("takes the one in JAVA_HOME if it is new enough")
    void prefersJavaHome() throws Exception {
        checkout.withJdk("25.0.1");
        Path chosen = checkout.withJdk("26");

        Outcome outcome = checkout.with("JAVA_HOME", chosen).start("jdk");

        assertThat(outcome).isEqualTo(new Outcome(0, chosen + "\n", ""));
    }

    @Test
    @DisplayName("ignores an old JAVA_HOME")
    void ignoresAnOldJavaHome() throws Exception {
        Path old = checkout.withJdk("17.0.15");
        Path found = checkout.withJdk("25.0.1");

        Outcome outcome = checkout.with("JAVA_HOME", old).start("jdk");

        assertThat(outcome.out()).isEqualTo(found + "\n");
    }

    @Test
    @DisplayName("takes the oldest sufficient one in the usual folders")
    void takesTheOldestSufficientOne() throws Exception {
        checkout.withJdk("21");
        checkout.withJdk("27-ea");
        Path found = checkout.withJdk("25");

        Outcome outcome = checkout.start("jdk");

        assertThat(outcome.out()).isEqualTo(found + "\n");
    }

    @Test
    @DisplayName("ignores a runtime without a compiler")
    void needsACompiler() throws Exception {
        Files.delete(checkout.withJdk("25").resolve("bin/javac"));
        Path found = checkout.withJdk("26");

        Outcome outcome = checkout.start("jdk");

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
        checkout.withJdk("17.0.15");
        checkout.withProgram(manager);

        Outcome outcome = checkout.start("demo");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err())
                .startsWith("reverie: no JDK 25 or newer found")
                .contains("\nInstall one: " + command + "\n", "https://adoptium.net");
    }

    @Test
    @DisplayName("without one and without a known package manager names a download page and exits with 2")
    void namesADownloadPage() throws Exception {
        Outcome outcome = checkout.start("demo");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err())
                .startsWith("reverie: no JDK 25 or newer found")
                .contains("https://adoptium.net", "JAVA_HOME")
                .doesNotContain("Install one");
    }
}
