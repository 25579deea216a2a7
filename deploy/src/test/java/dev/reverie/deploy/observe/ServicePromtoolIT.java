package dev.reverie.deploy.observe;

import dev.reverie.deploy.TestPrograms;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Promtool")
class ServicePromtoolIT {

    @Test
    @DisplayName("finds no fault with the metrics of a service")
    void service(@TempDir Path storeFolder) throws Exception {
        TestPrograms.requireSoundMetrics(ServiceExposition.scrape(storeFolder).getBytes(StandardCharsets.UTF_8));
    }
}
