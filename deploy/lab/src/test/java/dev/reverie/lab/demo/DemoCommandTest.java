package dev.reverie.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.TinyImageFolder;
import dev.reverie.deploy.cli.CapturedTerminal;
import dev.reverie.deploy.cli.ExitCode;
import dev.reverie.gpu.matching.MatchingEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The report of the demo")
class DemoCommandTest {

    private static String html = "";

    @BeforeAll
    static void run(@TempDir Path folder) throws IOException {
        String dataset = TinyImageFolder.writeTo(folder.resolve("<tiny>"));
        CapturedTerminal terminal = CapturedTerminal.with(MatchingEngine::open);
        Path out = folder.resolve("demo");
        int exitCode = terminal.run(
                ("demo --ipc 1 --time-limit 1s --steps 5 --repeats 2 --seed 7 --dataset " + dataset + " --out " + out)
                        .split(" "));
        assertThat(exitCode).as(terminal.err()).isEqualTo(ExitCode.DONE);
        html = Files.readString(out.resolve("report.html"));
    }

    @Test
    @DisplayName("shows gains, accuracies, the images of all sets, curves and settings")
    void shows() {
        assertThat(html)
                .containsPattern("<b>[+-]\\d+\\.\\d</b>points over the best coreset \\(\\S+\\)")
                .contains("2 fresh ConvNets of width 48", "dream&#39;s initial images", "<dt>seed</dt><dd>7</dd>");
        assertThat(html.split("src=\"data:image/png;base64,", -1)).hasSize(1 + DemoPlan.METHODS.size());
        // a slow machine makes too few inner loops for a curve
        assertThat(html.contains("src=\"data:image/svg+xml;base64,")).isEqualTo(html.contains("Learning curves"));
    }

    @Test
    @DisplayName("highlights the distilled set only")
    void learned() {
        assertThat(html).containsOnlyOnce("<tr class=\"learned\">").contains("<tr><td>random");
    }

    @Test
    @DisplayName("escapes text, so that class and folder names cannot break it")
    void escapes() {
        assertThat(html).contains("&lt;tiny&gt; in 2 images").doesNotContain("<tiny>");
    }

    @Test
    @DisplayName("is self-contained: no addresses except data URIs, no scripts")
    void selfContained() {
        assertThat(html).doesNotContain("http:", "https:", "<script", "<link", "@import", "url(");
    }
}
