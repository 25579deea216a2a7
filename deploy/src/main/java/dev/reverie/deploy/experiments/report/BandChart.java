package dev.reverie.deploy.experiments.report;

import dev.reverie.gpu.evaluate.MeanAndStd;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A standalone SVG chart of several curves, with their standard deviations as bands. The chart adapts to light and dark
 * pages and needs no fonts on the machine that renders it.
 *
 * @param title the title above the chart
 * @param x ascending positions on the horizontal axis, at least one
 * @param series curves, each with one value per position
 */
public record BandChart(String title, String xLabel, String yLabel, List<Integer> x, List<Series> series) {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 400;
    private static final int LEFT = 60;
    private static final int RIGHT = 130;
    private static final int TOP = 40;
    private static final int BOTTOM = 52;
    private static final int TICKS = 5;
    private static final int LEGEND_LINE = 22;

    /** Colours that people with colour-vision deficiency can distinguish (Okabe and Ito, 2008). */
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

    /** One curve and its name in the legend. */
    public record Series(String name, List<MeanAndStd> values) {

        public Series {
            values = List.copyOf(values);
        }
    }

    public BandChart {
        x = List.copyOf(x);
        series = List.copyOf(series);
        int count = x.size();
        if (count == 0 || series.stream().anyMatch(each -> each.values().size() != count)) {
            throw new IllegalArgumentException("a chart needs at least one x, and every series a value for each x");
        }
    }

    /** Draws the chart, or only its axes if there are no series. */
    public String toSvg() {
        ChartAxis xAxis = ChartAxis.over(x.getFirst(), x.getLast(), TICKS);
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
                SvgText.escape(title),
                STYLE,
                LEFT,
                SvgText.escape(title),
                yAxis.ticks().stream().map(tick -> gridLine(yAxis, tick)).collect(Collectors.joining()),
                x.stream().map(value -> xLabel(xAxis, value)).collect(Collectors.joining()),
                IntStream.range(0, series.size())
                        .mapToObj(i -> curve(i, xAxis, yAxis))
                        .collect(Collectors.joining()),
                (LEFT + WIDTH - RIGHT) / 2,
                HEIGHT - 10,
                SvgText.escape(xLabel),
                (TOP + HEIGHT - BOTTOM) / 2,
                SvgText.escape(yLabel));
    }

    private DoubleStream bandEdges() {
        return series.stream()
                .flatMap(each -> each.values().stream())
                .flatMapToDouble(value -> DoubleStream.of(value.mean() - value.std(), value.mean() + value.std()));
    }

    private static String gridLine(ChartAxis yAxis, double tick) {
        String at = SvgText.coordinate(pixelY(yAxis, tick));
        return """
                <line class="grid" x1="%d" x2="%d" y1="%s" y2="%s"/>
                <text x="%d" y="%s" text-anchor="end" dominant-baseline="middle">%s</text>
                """.formatted(LEFT, WIDTH - RIGHT, at, at, LEFT - 8, at, yAxis.label(tick));
    }

    private static String xLabel(ChartAxis xAxis, int value) {
        return """
                <text x="%s" y="%d" text-anchor="middle">%d</text>
                """.formatted(SvgText.coordinate(pixelX(xAxis, value)), HEIGHT - BOTTOM + 20, value);
    }

    private String curve(int index, ChartAxis xAxis, ChartAxis yAxis) {
        List<MeanAndStd> values = series.get(index).values();
        String colour = COLOURS.get(index % COLOURS.size());
        int legend = TOP + 10 + index * LEGEND_LINE;
        return """
                <polygon class="band" fill="%s" points="%s %s"/>
                <polyline class="curve" stroke="%s" points="%s"/>
                %s<line x1="%d" x2="%d" y1="%d" y2="%d" stroke="%s" stroke-width="3"/>
                <text x="%d" y="%d" dominant-baseline="middle">%s</text>
                """.formatted(
                        colour,
                        points(IntStream.range(0, x.size()), values, -1, xAxis, yAxis),
                        points(IntStream.range(0, x.size()).map(i -> x.size() - 1 - i), values, 1, xAxis, yAxis),
                        colour,
                        points(IntStream.range(0, x.size()), values, 0, xAxis, yAxis),
                        dots(values, colour, xAxis, yAxis),
                        WIDTH - RIGHT + 14,
                        WIDTH - RIGHT + 34,
                        legend,
                        legend,
                        colour,
                        WIDTH - RIGHT + 42,
                        legend,
                        SvgText.escape(series.get(index).name()));
    }

    /** Returns the points of the means, shifted by {@code deviations} standard deviations. */
    private String points(
            IntStream indices, List<MeanAndStd> values, int deviations, ChartAxis xAxis, ChartAxis yAxis) {
        return indices.mapToObj(i -> SvgText.coordinate(pixelX(xAxis, x.get(i))) + ","
                        + SvgText.coordinate(pixelY(
                                yAxis,
                                values.get(i).mean()
                                        + deviations * values.get(i).std())))
                .collect(Collectors.joining(" "));
    }

    private String dots(List<MeanAndStd> values, String colour, ChartAxis xAxis, ChartAxis yAxis) {
        return IntStream.range(0, x.size())
                .mapToObj(i -> """
                        <circle cx="%s" cy="%s" r="3" fill="%s"/>
                        """.formatted(
                                SvgText.coordinate(pixelX(xAxis, x.get(i))),
                                SvgText.coordinate(pixelY(yAxis, values.get(i).mean())),
                                colour))
                .collect(Collectors.joining());
    }

    private static double pixelX(ChartAxis xAxis, double value) {
        return LEFT + xAxis.position(value) * (WIDTH - LEFT - RIGHT);
    }

    private static double pixelY(ChartAxis yAxis, double value) {
        return HEIGHT - BOTTOM - yAxis.position(value) * (HEIGHT - TOP - BOTTOM);
    }
}
