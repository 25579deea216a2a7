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

/** Skipped if systemd-analyze is not installed, unless {@code REVERIE_TEST_PROGRAMS=required} is set. */
@DisplayName("systemd")
class SystemdIT {

    private static final Path UNIT = Path.of("systemd/reverie.service");
    private static final Path LAUNCHER = Path.of("src/main/archive/reverie");
    private static final Pattern EXPOSURE = Pattern.compile("Overall exposure level for \\S+: (\\d+\\.\\d+)");

    /** Out of 10; caused by the network, Java's just-in-time compilation, and read access to system folders. */
    private static final double MAX_EXPOSURE = 1.5;

    private Path unit = Path.of("");

    /** Replaces the path of the program, which exists only after installation. */
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
    @DisplayName("accepts the unit")
    void verify() throws Exception {
        assertThat(analyze("verify", unit.toString())).isEqualTo(new PackagingTool.Result(0, ""));
    }

    @Test
    @DisplayName("rates the exposure of the unit as low")
    void security() throws Exception {
        PackagingTool.Result result = analyze("security", "--offline=true", "--no-pager", unit.toString());

        Matcher exposure = EXPOSURE.matcher(result.output());
        assertThat(exposure.find()).as(result.output()).isTrue();
        assertThat(Double.parseDouble(exposure.group(1))).as(result.output()).isLessThanOrEqualTo(MAX_EXPOSURE);
    }

    private static PackagingTool.Result analyze(String... arguments) throws Exception {
        String[] command = new String[arguments.length + 1];
        command[0] = "systemd-analyze";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return PackagingTool.run("systemd", Map.of("LC_ALL", "C.UTF-8"), command);
    }
}
