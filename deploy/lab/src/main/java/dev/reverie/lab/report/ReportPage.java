package dev.reverie.lab.report;

import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * The content of a demo report, rendered with the template {@code report.html} into one self-contained HTML page. The
 * template escapes text; pictures are data URIs, and curves are inline SVG.
 *
 * @param axisLow label at the left end of the accuracy axis
 * @param axisHigh label at the right end of the accuracy axis
 * @param pictures pictures of the distilled set and its initial images
 * @param coresets pictures of the coresets
 * @param date date of the run
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
        String date) {

    private static final String TEMPLATE = "report.html";

    /** A headline figure and its meaning. */
    record Gain(String figure, String words) {}

    /**
     * The row of one set in the table.
     *
     * @param dot position of the mean on the accuracy axis, in percent of the axis width
     * @param whiskerLeft left end of the deviation bar, in percent of the axis width
     * @param whiskerWidth width of the deviation bar, in percent of the axis width
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

    /** Returns whether there are curves; without them, the template omits their section. */
    boolean hasCurves() {
        return !curves.isEmpty();
    }

    /** Renders the page. */
    String toHtml() {
        try (InputStream stream = Objects.requireNonNull(
                        ReportPage.class.getResourceAsStream(TEMPLATE),
                        "the template report.html is missing from the class path");
                InputStreamReader template = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
            return Mustache.compiler().compile(template).execute(this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
