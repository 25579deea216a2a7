package dev.reverie.deploy.experiments.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A curve over counted steps as SVG for the report: it scales to any width, takes its colours from the page's style
 * (light or dark), and needs no fonts on the machine that draws it.
 *
 * @param title of what is drawn, for those who can't see it
 * @param xLabel below the horizontal axis; the first value is step 1
 * @param values finite ones are drawn
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

    /** The picture; empty if there are fewer than two finite values. */
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
                        HtmlText.escape(title),
                        y.ticks().stream().map(tick -> horizontal(y, tick)).collect(Collectors.joining()),
                        x.ticks().stream().map(tick -> bottomLabel(x, tick)).collect(Collectors.joining()),
                        points(x, y),
                        (LEFT + WIDTH - RIGHT) / 2,
                        HEIGHT - 4,
                        HtmlText.escape(xLabel));
    }

    private String points(ChartAxis x, ChartAxis y) {
        return IntStream.range(0, values.size())
                .filter(i -> Double.isFinite(values.get(i)))
                .mapToObj(i -> number(across(x, i + 1)) + "," + number(down(y, values.get(i))))
                .collect(Collectors.joining(" "));
    }

    private static String horizontal(ChartAxis y, double tick) {
        String at = number(down(y, tick));
        return """
                <line class="grid" x1="%d" x2="%d" y1="%s" y2="%s"/>
                <text class="axis" x="%d" y="%s" text-anchor="end" dominant-baseline="middle">%s</text>
                """.formatted(LEFT, WIDTH - RIGHT, at, at, LEFT - 6, at, y.label(tick));
    }

    private static String bottomLabel(ChartAxis x, double tick) {
        return """
                <text class="axis" x="%s" y="%d" text-anchor="middle">%s</text>
                """.formatted(number(across(x, tick)), HEIGHT - BOTTOM + 18, x.label(tick));
    }

    private static double across(ChartAxis x, double value) {
        return LEFT + x.position(value) * (WIDTH - LEFT - RIGHT);
    }

    private static double down(ChartAxis y, double value) {
        return HEIGHT - BOTTOM - y.position(value) * (HEIGHT - TOP - BOTTOM);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
