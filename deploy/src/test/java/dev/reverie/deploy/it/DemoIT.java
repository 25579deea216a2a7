package dev.reverie.deploy.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.PictureFolder;
import dev.reverie.deploy.it.ReverieProcess.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The demo")
class DemoIT {

    @Test
    @DisplayName("distils, compares with the start and the coresets, and leaves a report")
    void demo(@TempDir Path folder) throws Exception {
        Path out = folder.resolve("demo");
        String dataset = PictureFolder.writeTo(folder.resolve("data"));

        Ended ended = ReverieProcess.run(
                folder,
                List.of(
                        "demo",
                        "--dataset",
                        dataset,
                        "--ipc",
                        "2",
                        "--time-limit",
                        "2s",
                        "--steps",
                        "10",
                        "--out",
                        out.toString()));

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(ended.out())
                .contains("dream ", "tile ", "random ", "herding ", "k-center ")
                .contains("points over the best coreset", "points over its own starting point")
                .contains("Look at " + out.resolve("report.html"));
        assertThat(ended.err()).contains("Distilling", "Evaluating");
        assertThat(Files.readString(out.resolve("report.html"))).contains("data:image/png;base64,", "</html>");
        for (String method : List.of("dream", "tile", "random", "herding", "k-center")) {
            assertThat(out.resolve(method).resolve("synthetic.npz")).isNotEmptyFile();
        }
    }
}
