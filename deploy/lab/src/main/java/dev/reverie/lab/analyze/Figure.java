package dev.reverie.lab.analyze;

import dev.reverie.gpu.dataset.AtomicFile;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A chart with a title, axis labels and a legend, of at least one series, with distinct names. */
record Figure(String title, String xLabel, String yLabel, List<Series> series) {

    private static final int WIDTH = 900;
    private static final int HEIGHT = 560;
    private static final int MARKER_SIZE = 6;

    private static final String TICK_FORMAT = "0.####";

    /** The colours of series that occur in several figures, so that they look the same in all of them. */
    private static final Map<String, Color> RECURRING = Map.of(
            "random", new Color(0xd55e00),
            "dream", new Color(0x0072b2),
            "all", new Color(0x999999),
            "real", new Color(0x999999));

    /**
     * The colours of all other series. People with colour-vision deficiency can distinguish them (Okabe and Ito, 2008).
     */
    private static final List<Color> OTHERS = List.of(
            new Color(0x009e73),
            new Color(0xcc79a7),
            new Color(0xe69f00),
            new Color(0x56b4e9),
            new Color(0x000000),
            new Color(0xd55e00));

    Figure {
        series = List.copyOf(series);
    }

    enum Mark {
        LINE,
        POINTS
    }

    /**
     * The points of a series; a line connects them in the given order.
     *
     * @param deviation standard deviation of each y, drawn as an error bar; 0 for no error bar
     */
    record Series(String name, Mark mark, List<Double> x, List<Double> y, List<Double> deviation) {

        Series {
            x = List.copyOf(x);
            y = List.copyOf(y);
            deviation = List.copyOf(deviation);
        }

        static Series of(String name, Mark mark, List<Double> x, List<Double> y) {
            return new Series(name, mark, x, y, y.stream().map(_ -> 0.0).toList());
        }
    }

    /**
     * Checks that figures can be drawn, since analyses take hours; an {@link IOException} says that no font is
     * installed.
     */
    static void requireFont() throws IOException {
        List<Double> ends = List.of(0.0, 1.0);
        new Figure("title", "x", "y", List.of(Series.of("line", Mark.LINE, ends, ends))).drawn();
    }

    /** Writes the chart as a PNG file, atomically; needs no display. */
    void write(Path file) throws IOException {
        BufferedImage drawn = drawn();
        AtomicFile.write(file, out -> ImageIO.write(drawn, "png", out));
    }

    private BufferedImage drawn() throws IOException {
        try {
            return draw();
        } catch (InternalError | LinkageError e) { // the class of the error depends on what the JDK cannot find
            throw new IOException(
                    "cannot draw the figure because no font is installed; install fontconfig and a font, for"
                            + " example the packages fontconfig and fonts-dejavu-core",
                    e);
        }
    }

    private BufferedImage draw() {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(xLabel)
                .yAxisTitle(yLabel)
                .build();
        chart.getStyler()
                .setLegendPosition(LegendPosition.OutsideE)
                .setChartBackgroundColor(Color.WHITE)
                .setSeriesColors(colours());
        chart.getStyler().setErrorBarsColorSeriesColor(true).setMarkerSize(MARKER_SIZE);
        chart.getStyler().setXAxisDecimalPattern(TICK_FORMAT);
        series.forEach(each -> add(each, chart));
        return BitmapEncoder.getBufferedImage(chart);
    }

    private Color[] colours() {
        AtomicInteger others = new AtomicInteger();
        return series.stream()
                .map(each -> Optional.ofNullable(RECURRING.get(each.name()))
                        .orElseGet(() -> OTHERS.get(others.getAndIncrement() % OTHERS.size())))
                .toArray(Color[]::new);
    }

    private static void add(Series added, XYChart chart) {
        boolean exact = added.deviation().stream().allMatch(deviation -> deviation == 0);
        XYSeries drawn = exact
                ? chart.addSeries(added.name(), added.x(), added.y())
                : chart.addSeries(added.name(), added.x(), added.y(), added.deviation());
        switch (added.mark()) {
            case LINE -> drawn.setMarker(SeriesMarkers.CIRCLE);
            case POINTS ->
                drawn.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter)
                        .setMarker(SeriesMarkers.CIRCLE);
        }
    }
}
