package dev.reverie.lab.report;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * An SVG chart of one curve over numbered steps, for the report. The chart scales to any width, takes its colours from
 * the style of the page (light or dark) and needs no fonts on the machine that renders it.
 *
 * @param title a description for screen readers
 * @param xLabel label of the horizontal axis
 * @param values one value per step, from step 1; only finite values are drawn
 */
record LineChart(String title, String xLabel, List<Double> values) {

    private static final int WIDTH = 480;
    private static final int HEIGHT = 260;
    private static final int LEFT = 52;
    private static final int RIGHT = 24;
    private static final int TOP = 10;
    private static final int BOTTOM = 40;
    private static final int TICKS = 5;

    LineChart {
        values = List.copyOf(values);
    }

    /** Draws the chart; returns an empty string if there are fewer than two finite values. */
    String toSvg() {
        List<Double> finite = values.stream().filter(Double::isFinite).toList();
        if (finite.size() < 2) {
            return "";
        }
        double least = finite.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
        double most = finite.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        ChartAxis x = ChartAxis.over(0, values.size(), TICKS);
        ChartAxis y = ChartAxis.over(least, most, TICKS);
        return """
                <svg class="chart" viewBox="0 0 %d %d" role="img" aria-label="%s">
                %s%s<polyline class="curve" points="%s"/>
                <text class="axis" x="%d" y="%d" text-anchor="middle">%s</text>
                </svg>
                """.formatted(
                        WIDTH,
                        HEIGHT,
                        BandChart.escape(title),
                        y.ticks().stream().map(tick -> gridLine(y, tick)).collect(Collectors.joining()),
                        x.ticks().stream().map(tick -> stepLabel(x, tick)).collect(Collectors.joining()),
                        points(x, y),
                        (LEFT + WIDTH - RIGHT) / 2,
                        HEIGHT - 4,
                        BandChart.escape(xLabel));
    }

    private String points(ChartAxis x, ChartAxis y) {
        return IntStream.range(0, values.size())
                .filter(i -> Double.isFinite(values.get(i)))
                .mapToObj(i ->
                        BandChart.coordinate(pixelX(x, i + 1)) + "," + BandChart.coordinate(pixelY(y, values.get(i))))
                .collect(Collectors.joining(" "));
    }

    private static String gridLine(ChartAxis y, double tick) {
        String at = BandChart.coordinate(pixelY(y, tick));
        return """
                <line class="grid" x1="%d" x2="%d" y1="%s" y2="%s"/>
                <text class="axis" x="%d" y="%s" text-anchor="end" dominant-baseline="middle">%s</text>
                """.formatted(LEFT, WIDTH - RIGHT, at, at, LEFT - 6, at, y.label(tick));
    }

    private static String stepLabel(ChartAxis x, double tick) {
        return """
                <text class="axis" x="%s" y="%d" text-anchor="middle">%s</text>
                """.formatted(BandChart.coordinate(pixelX(x, tick)), HEIGHT - BOTTOM + 18, x.label(tick));
    }

    private static double pixelX(ChartAxis x, double value) {
        return LEFT + x.position(value) * (WIDTH - LEFT - RIGHT);
    }

    private static double pixelY(ChartAxis y, double value) {
        return HEIGHT - BOTTOM - y.position(value) * (HEIGHT - TOP - BOTTOM);
    }
}
