package dev.reverie.deploy.experiments.report;

import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * One self-contained HTML page: what the template {@code report.html} shows. Text is escaped by the template; pictures
 * are data URIs, curves inline SVG.
 *
 * @param axisLow label of the accuracy scale's left end
 * @param axisHigh label of its right end
 */
record ReportPage(
        String title,
        String summary,
        String evaluation,
        List<Gain> gains,
        String axisLow,
        String axisHigh,
        List<Row> rows,
        List<Picture> pictures,
        List<Picture> coresets,
        List<Curve> curves,
        List<Setting> settings,
        String version,
        String made) {

    private static final String TEMPLATE = "report.html";

    /** A headline figure and what it says. */
    record Gain(String figure, String words) {}

    /**
     * One set in the table.
     *
     * @param dot place of the mean on the accuracy scale, in percent of its width
     * @param whiskerLeft where the deviation begins, in percent
     * @param whiskerWidth its extent, in percent
     */
    record Row(
            String name,
            boolean learned,
            String accuracy,
            String dot,
            String whiskerLeft,
            String whiskerWidth,
            String madeOf) {}

    /** An image as a data URI. */
    record Picture(String source, String caption) {}

    /** A curve as SVG. */
    record Curve(String svg, String caption) {}

    /** A setting and its value. */
    record Setting(String name, String value) {}

    /** Read by the template: a section without curves is left out. */
    boolean hasCurves() {
        return !curves.isEmpty();
    }

    /** The page as HTML. */
    String toHtml() {
        try (InputStream stream = Objects.requireNonNull(
                        ReportPage.class.getResourceAsStream(TEMPLATE), "template on class path");
                InputStreamReader template = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
            return Mustache.compiler().compile(template).execute(this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
