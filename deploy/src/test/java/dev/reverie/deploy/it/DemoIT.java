package dev.reverie.deploy.it;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The demo")
class DemoIT {

    @Test
    @DisplayName("distils, compares the set with its initial images and the coresets, and writes a report")
    void demo(@TempDir Path folder) throws Exception {
        SmallDemo demo = new SmallDemo(folder);

        demo.assertComplete(ReverieProcess.run(folder, demo.arguments()));
    }
}
