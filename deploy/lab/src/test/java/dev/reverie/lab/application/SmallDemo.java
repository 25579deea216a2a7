package dev.reverie.lab.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.deploy.it.ReverieProcess.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The demo on a few tiny images, which takes seconds, and checks of its output and files. */
final class SmallDemo {

    private final String dataset;
    private final Path out;

    /** Writes the images to a folder. */
    SmallDemo(Path folder) throws IOException {
        dataset = TinyImageFolder.writeTo(folder.resolve("data"));
        out = folder.resolve("demo");
    }

    /** Returns the arguments of the application. */
    List<String> arguments() {
        return List.of(("demo --ipc 2 --time-limit 2s --steps 10 --dataset " + dataset + " --out " + out).split(" "));
    }

    void assertComplete(Ended ended) throws IOException {
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(ended.out())
                .contains("dream ", "tile ", "random ", "herding ", "k-center ")
                .contains("points over the best coreset", "points over its initial images")
                .contains("Look at " + out.resolve("report.html"));
        assertThat(ended.err()).contains("Distilling", "Evaluating");
        assertThat(Files.readString(out.resolve("report.html"))).contains("data:image/png;base64,", "</html>");
        for (String method : List.of("dream", "tile", "random", "herding", "k-center")) {
            assertThat(out.resolve(method).resolve("synthetic.npz")).isNotEmptyFile();
        }
    }
}
