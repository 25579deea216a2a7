package dev.reverie.lab.report;

import dev.reverie.gpu.evaluate.MeanAndStd;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A standalone SVG chart of several curves, with their standard deviations as bands. The chart adapts to light and dark
 * pages and needs no fonts on the machine that renders it.
 *
 * @param ticks ascending positions on the horizontal axis that get a number, at least one; the axis spans them
 */
public record BandChart(String title, String xLabel, String yLabel, List<Double> ticks, List<Series> series) {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 400;
    private static final int LEFT = 60;
    private static final int RIGHT = 130;
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

    /** One curve and its name in the legend. */
    public record Series(String name, List<Point> points) {

        public Series {
            points = List.copyOf(points);
            if (points.isEmpty()) {
                throw new IllegalArgumentException("a curve needs at least one point");
            }
        }
    }

    public BandChart {
        ticks = List.copyOf(ticks);
        series = List.copyOf(series);
        if (ticks.isEmpty()) {
            throw new IllegalArgumentException("a chart needs at least one tick on its horizontal axis");
        }
    }

    /** Creates a chart whose horizontal axis begins at 0 and has round numbers. */
    public static BandChart fromZero(String title, String xLabel, String yLabel, List<Series> series) {
        double most = series.stream()
                .mapToDouble(each -> each.points().getLast().x())
                .max()
                .orElse(1);
        return new BandChart(
                title, xLabel, yLabel, ChartAxis.over(0, most, TICKS).ticks(), series);
    }

    /** Draws the chart, or only its axes if there are no series. */
    public String toSvg() {
        ChartAxis xAxis = ChartAxis.over(ticks.getFirst(), ticks.getLast(), TICKS);
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
                ticks.stream().map(tick -> xLabel(xAxis, tick)).collect(Collectors.joining()),
                IntStream.range(0, series.size())
                        .mapToObj(i -> curve(i, xAxis, yAxis))
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

    private static String xLabel(ChartAxis xAxis, double tick) {
        String label = tick == Math.rint(tick) ? Long.toString(Math.round(tick)) : xAxis.label(tick);
        return """
                <text x="%s" y="%d" text-anchor="middle">%s</text>
                """.formatted(coordinate(pixelX(xAxis, tick)), HEIGHT - BOTTOM + 20, label);
    }

    private String curve(int index, ChartAxis xAxis, ChartAxis yAxis) {
        List<Point> points = series.get(index).points();
        String colour = COLOURS.get(index % COLOURS.size());
        String dashes = index < COLOURS.size() ? "none" : "6 4";
        int legend = TOP + 10 + index * LEGEND_LINE;
        return """
                <polygon class="band" fill="%s" points="%s %s"/>
                <polyline class="curve" stroke="%s" stroke-dasharray="%s" points="%s"/>
                %s<line x1="%d" x2="%d" y1="%d" y2="%d" stroke="%s" stroke-dasharray="%s" stroke-width="3"/>
                <text x="%d" y="%d" dominant-baseline="middle">%s</text>
                """.formatted(
                        colour,
                        points(points, -1, xAxis, yAxis),
                        points(points.reversed(), 1, xAxis, yAxis),
                        colour,
                        dashes,
                        points(points, 0, xAxis, yAxis),
                        dots(points, colour, xAxis, yAxis),
                        WIDTH - RIGHT + 14,
                        WIDTH - RIGHT + 34,
                        legend,
                        legend,
                        colour,
                        dashes,
                        WIDTH - RIGHT + 42,
                        legend,
                        escape(series.get(index).name()));
    }

    /** Returns the points of the means, shifted by {@code deviations} standard deviations. */
    private static String points(List<Point> points, int deviations, ChartAxis xAxis, ChartAxis yAxis) {
        return points.stream()
                .map(point -> coordinate(pixelX(xAxis, point.x())) + ","
                        + coordinate(pixelY(
                                yAxis, point.y().mean() + deviations * point.y().std())))
                .collect(Collectors.joining(" "));
    }

    private static String dots(List<Point> points, String colour, ChartAxis xAxis, ChartAxis yAxis) {
        return points.stream()
                .filter(_ -> points.size() <= MOST_DOTS)
                .map(point -> """
                        <circle cx="%s" cy="%s" r="3" fill="%s"/>
                        """.formatted(
                                coordinate(pixelX(xAxis, point.x())),
                                coordinate(pixelY(yAxis, point.y().mean())),
                                colour))
                .collect(Collectors.joining());
    }

    private static double pixelX(ChartAxis xAxis, double value) {
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
