package dev.reverie.lab.report;

import dev.reverie.gpu.evaluate.MeanAndStd;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A standalone SVG chart of several curves, with their standard deviations as bands, and of points. The chart adapts to
 * light and dark pages and needs no fonts on the machine that renders it.
 */
public record BandChart(String title, String xLabel, String yLabel, ChartAxis xAxis, List<Series> series) {

    private static final int WIDTH = 790;
    private static final int HEIGHT = 400;
    private static final int LEFT = 60;
    private static final int RIGHT = 200;
    private static final int TOP = 40;
    private static final int BOTTOM = 52;
    private static final int TICKS = 5;
    private static final int LEGEND_LINE = 22;

    /** A curve of more points has no dots, which would hide it. */
    private static final int MOST_DOTS = 60;

    /**
     * Colours that people with colour-vision deficiency can distinguish (Okabe and Ito, 2008). If there are more
     * curves, the colours repeat with dashed lines.
     */
    private static final List<String> COLOURS =
            List.of("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#888888");

    private static final String STYLE = """
            <style>
            svg { background: #fff; font-family: system-ui, sans-serif; font-size: 13px }
            text { fill: #444 } .grid { stroke: #ddd } .title { font-size: 15px; fill: #111 }
            .curve { fill: none; stroke-width: 2; stroke-linejoin: round } .band { opacity: .18 }
            @media (prefers-color-scheme: dark) {
              svg { background: #161616 } text { fill: #bbb } .grid { stroke: #333 } .title { fill: #eee }
            }
            </style>
            """;

    /** A value and its position on the horizontal axis. */
    public record Point(double x, MeanAndStd y) {}

    /**
     * The points of one curve and its name in the legend.
     *
     * @param isCurve whether a line joins the points, in the given order
     */
    public record Series(String name, boolean isCurve, List<Point> points) {

        public Series {
            points = List.copyOf(points);
            if (points.isEmpty()) {
                throw new IllegalArgumentException("a curve needs at least one point");
            }
        }

        public static Series curve(String name, List<Point> points) {
            return new Series(name, true, points);
        }
    }

    public BandChart {
        series = List.copyOf(series);
    }

    /** Creates a chart whose horizontal axis begins at 0, or at the least x if that is negative. */
    public static BandChart fromZero(String title, String xLabel, String yLabel, List<Series> series) {
        DoubleSummaryStatistics x = series.stream()
                .flatMap(each -> each.points().stream())
                .mapToDouble(Point::x)
                .summaryStatistics();
        return new BandChart(
                title, xLabel, yLabel, ChartAxis.over(Math.min(0, x.getMin()), Math.max(0, x.getMax()), TICKS), series);
    }

    /** Draws the chart, or only its axes if there are no series. */
    public String toSvg() {
        ChartAxis yAxis =
                ChartAxis.over(bandEdges().min().orElse(0), bandEdges().max().orElse(1), TICKS);
        return """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">
                %s<text class="title" x="%d" y="22">%s</text>
                %s%s%s<text x="%d" y="%d" text-anchor="middle">%s</text>
                <text transform="translate(16 %d) rotate(-90)" text-anchor="middle">%s</text>
                </svg>
                """.formatted(
                WIDTH,
                HEIGHT,
                escape(title),
                STYLE,
                LEFT,
                escape(title),
                yAxis.ticks().stream().map(tick -> gridLine(yAxis, tick)).collect(Collectors.joining()),
                xAxis.ticks().stream().map(this::xTick).collect(Collectors.joining()),
                IntStream.range(0, series.size())
                        .mapToObj(i -> series(i, yAxis))
                        .collect(Collectors.joining()),
                (LEFT + WIDTH - RIGHT) / 2,
                HEIGHT - 10,
                escape(xLabel),
                (TOP + HEIGHT - BOTTOM) / 2,
                escape(yLabel));
    }

    private DoubleStream bandEdges() {
        return series.stream()
                .flatMap(each -> each.points().stream())
                .map(Point::y)
                .flatMapToDouble(value -> DoubleStream.of(value.mean() - value.std(), value.mean() + value.std()));
    }

    private static String gridLine(ChartAxis yAxis, double tick) {
        String at = coordinate(pixelY(yAxis, tick));
        return """
                <line class="grid" x1="%d" x2="%d" y1="%s" y2="%s"/>
                <text x="%d" y="%s" text-anchor="end" dominant-baseline="middle">%s</text>
                """.formatted(LEFT, WIDTH - RIGHT, at, at, LEFT - 8, at, yAxis.label(tick));
    }

    private String xTick(double tick) {
        return """
                <text x="%s" y="%d" text-anchor="middle">%s</text>
                """.formatted(coordinate(pixelX(tick)), HEIGHT - BOTTOM + 20, xAxis.label(tick));
    }

    private String series(int index, ChartAxis yAxis) {
        Series drawn = series.get(index);
        String colour = COLOURS.get(index % COLOURS.size());
        String dashes = index < COLOURS.size() ? "none" : "6 4";
        int legend = TOP + 10 + index * LEGEND_LINE;
        return (drawn.isCurve() ? curve(drawn.points(), colour, dashes, yAxis) : "")
                + dots(drawn, colour, yAxis)
                + """
                <line x1="%d" x2="%d" y1="%d" y2="%d" stroke="%s" stroke-dasharray="%s" stroke-width="3"/>
                <text x="%d" y="%d" dominant-baseline="middle">%s</text>
                """.formatted(
                                WIDTH - RIGHT + 14,
                                WIDTH - RIGHT + 34,
                                legend,
                                legend,
                                colour,
                                dashes,
                                WIDTH - RIGHT + 42,
                                legend,
                                escape(drawn.name()));
    }

    private String curve(List<Point> points, String colour, String dashes, ChartAxis yAxis) {
        return """
                <polygon class="band" fill="%s" points="%s %s"/>
                <polyline class="curve" stroke="%s" stroke-dasharray="%s" points="%s"/>
                """.formatted(
                        colour,
                        points(points, -1, yAxis),
                        points(points.reversed(), 1, yAxis),
                        colour,
                        dashes,
                        points(points, 0, yAxis));
    }

    /** Returns the points of the means, shifted by {@code deviations} standard deviations. */
    private String points(List<Point> points, int deviations, ChartAxis yAxis) {
        return points.stream()
                .map(point -> coordinate(pixelX(point.x())) + ","
                        + coordinate(pixelY(
                                yAxis, point.y().mean() + deviations * point.y().std())))
                .collect(Collectors.joining(" "));
    }

    private String dots(Series drawn, String colour, ChartAxis yAxis) {
        return drawn.points().stream()
                .filter(_ -> !drawn.isCurve() || drawn.points().size() <= MOST_DOTS)
                .map(point -> """
                        <circle cx="%s" cy="%s" r="3" fill="%s"/>
                        """.formatted(
                                coordinate(pixelX(point.x())),
                                coordinate(pixelY(yAxis, point.y().mean())),
                                colour))
                .collect(Collectors.joining());
    }

    private double pixelX(double value) {
        return LEFT + xAxis.position(value) * (WIDTH - LEFT - RIGHT);
    }

    private static double pixelY(ChartAxis yAxis, double value) {
        return HEIGHT - BOTTOM - yAxis.position(value) * (HEIGHT - TOP - BOTTOM);
    }

    private static String coordinate(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    /** Escapes text for an element or a quoted attribute. */
    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
