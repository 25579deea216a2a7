package dev.reverie.deploy.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Skipped where systemd-analyze is missing, unless the environment says {@code REVERIE_TEST_PROGRAMS=required}. */
@DisplayName("systemd")
class SystemdIT {

    private static final Path UNIT = Path.of("systemd/reverie.service");
    private static final Path LAUNCHER = Path.of("src/main/archive/reverie");
    private static final Pattern EXPOSURE = Pattern.compile("Overall exposure level for \\S+: (\\d+\\.\\d+)");
    /** Of 10; what is left is the network, Java's machine code, and the folders of the system, read only. */
    private static final double LARGEST_EXPOSURE = 1.5;

    private Path unit = Path.of("");

    /** With a program that is there: the archive is unpacked by who installs it. */
    @BeforeEach
    void install(@TempDir Path folder) throws IOException {
        unit = Files.writeString(
                folder.resolve("reverie.service"),
                Files.readString(UNIT)
                        .replace(
                                "/opt/reverie/bin/reverie",
                                LAUNCHER.toAbsolutePath().toString()));
    }

    @Test
    @DisplayName("finds nothing wrong with the unit")
    void verify() throws Exception {
        assertThat(analyze("verify", unit.toString())).isEqualTo(new ExternalProgram.Verdict(0, ""));
    }

    @Test
    @DisplayName("finds the unit hardly exposed")
    void security() throws Exception {
        ExternalProgram.Verdict verdict = analyze("security", "--offline=true", "--no-pager", unit.toString());

        Matcher exposure = EXPOSURE.matcher(verdict.said());
        assertThat(exposure.find()).as(verdict.said()).isTrue();
        assertThat(Double.parseDouble(exposure.group(1))).as(verdict.said()).isLessThanOrEqualTo(LARGEST_EXPOSURE);
    }

    private static ExternalProgram.Verdict analyze(String... arguments) throws Exception {
        String[] command = new String[arguments.length + 1];
        command[0] = "systemd-analyze";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return ExternalProgram.run("systemd", Map.of("LC_ALL", "C.UTF-8"), command);
    }
}
