package dev.reverie.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.lab.report.ReportPage.Curve;
import dev.reverie.lab.report.ReportPage.Gain;
import dev.reverie.lab.report.ReportPage.Picture;
import dev.reverie.lab.report.ReportPage.Row;
import dev.reverie.lab.report.ReportPage.Setting;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The report")
class ReportPageTest {

    private final String html = new ReportPage(
                    "folder:<tiny> in 9 images",
                    "summary",
                    "evaluation",
                    List.of(new Gain("+6.1", "points over the best coreset")),
                    "40",
                    "100",
                    List.of(
                            new Row("dream", true, "82.3 ± 0.3", "70.00", "65.00", "10.00", "learned"),
                            new Row("random", false, "74.1 ± 1.0", "40.00", "35.00", "10.00", "real")),
                    List.of(new Picture("data:image/png;base64,AAAA", "dream")),
                    List.of(new Picture("data:image/png;base64,BBBB", "random")),
                    List.of(new Curve("<svg class=\"chart\"></svg>", "loss")),
                    List.of(new Setting("seed", "7")),
                    "0.1.0",
                    "2026-01-01")
            .toHtml();

    @Test
    @DisplayName("contains its content")
    void shows() {
        assertThat(html)
                .contains(
                        "<b>+6.1</b>points over the best coreset",
                        "82.3 ± 0.3",
                        "src=\"data:image/png;base64,AAAA\"",
                        "src=\"data:image/png;base64,BBBB\"",
                        "<svg class=\"chart\"></svg>",
                        "<dt>seed</dt><dd>7</dd>");
    }

    @Test
    @DisplayName("highlights the distilled set only")
    void learned() {
        assertThat(html).containsOnlyOnce("<tr class=\"learned\">").contains("<tr><td>random");
    }

    @Test
    @DisplayName("escapes text, so that class and folder names cannot break it")
    void escapes() {
        assertThat(html).contains("folder:&lt;tiny&gt; in 9 images").doesNotContain("<tiny>");
    }

    @Test
    @DisplayName("is self-contained: no addresses except data URIs, no scripts")
    void selfContained() {
        assertThat(html).doesNotContain("http:", "https:", "<script", "<link", "@import", "url(");
    }
}
