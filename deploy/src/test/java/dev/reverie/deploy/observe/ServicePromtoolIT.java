package dev.reverie.deploy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.TestPrograms;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Promtool")
class ServicePromtoolIT {

    @Test
    @DisplayName("finds no fault with the metrics of a service")
    void service(@TempDir Path storeFolder) throws Exception {
        TestPrograms.require(
                List.of("promtool", "--version"), "this test needs promtool: install the Debian package prometheus");
        Process promtool = new ProcessBuilder("promtool", "check", "metrics")
                .redirectErrorStream(true)
                .start();

        promtool.getOutputStream().write(ServiceExposition.scrape(storeFolder).getBytes(StandardCharsets.UTF_8));
        promtool.getOutputStream().close();

        assertThat(promtool.getInputStream()).asString(StandardCharsets.UTF_8).isEmpty();
        assertThat(promtool.waitFor()).isZero();
    }
}
