package dev.reverie.deploy.experiments.report;

import dev.reverie.gpu.evaluate.MeanAndStd;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Several curves over the same places as an SVG of its own, each within the band of its standard deviation. It suits
 * light and dark pages and needs no fonts on the machine that draws it.
 *
 * @param title of what is drawn
 * @param x ascending places on the horizontal axis, at least one
 * @param series a value for every place each
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

    /** Colours that also those who see few of them can tell apart (Okabe and Ito, 2008). */
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

    /** One curve. */
    public record Series(String name, List<MeanAndStd> values) {

        public Series {
            values = List.copyOf(values);
        }
    }

    public BandChart {
        x = List.copyOf(x);
        series = List.copyOf(series);
        int places = x.size();
        if (places == 0 || series.stream().anyMatch(each -> each.values().size() != places)) {
            throw new IllegalArgumentException("want at least one place, and for each a value of every series");
        }
    }

    /** The picture; only its axes if there is no series. */
    public String toSvg() {
        ChartAxis across = ChartAxis.over(x.getFirst(), x.getLast(), TICKS);
        ChartAxis up = ChartAxis.over(edges().min().orElse(0), edges().max().orElse(1), TICKS);
        return """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="%s">
                %s<text class="title" x="%d" y="22">%s</text>
                %s%s%s<text x="%d" y="%d" text-anchor="middle">%s</text>
                <text transform="translate(16 %d) rotate(-90)" text-anchor="middle">%s</text>
                </svg>
                """.formatted(
                        WIDTH,
                        HEIGHT,
                        HtmlText.escape(title),
                        STYLE,
                        LEFT,
                        HtmlText.escape(title),
                        up.ticks().stream().map(tick -> horizontal(up, tick)).collect(Collectors.joining()),
                        x.stream().map(place -> below(across, place)).collect(Collectors.joining()),
                        IntStream.range(0, series.size())
                                .mapToObj(i -> curve(i, across, up))
                                .collect(Collectors.joining()),
                        (LEFT + WIDTH - RIGHT) / 2,
                        HEIGHT - 10,
                        HtmlText.escape(xLabel),
                        (TOP + HEIGHT - BOTTOM) / 2,
                        HtmlText.escape(yLabel));
    }

    private DoubleStream edges() {
        return series.stream()
                .flatMap(each -> each.values().stream())
                .flatMapToDouble(value -> DoubleStream.of(value.mean() - value.std(), value.mean() + value.std()));
    }

    private static String horizontal(ChartAxis up, double tick) {
        String at = number(down(up, tick));
        return """
                <line class="grid" x1="%d" x2="%d" y1="%s" y2="%s"/>
                <text x="%d" y="%s" text-anchor="end" dominant-baseline="middle">%s</text>
                """.formatted(LEFT, WIDTH - RIGHT, at, at, LEFT - 8, at, up.label(tick));
    }

    private static String below(ChartAxis across, int place) {
        return """
                <text x="%s" y="%d" text-anchor="middle">%d</text>
                """.formatted(number(right(across, place)), HEIGHT - BOTTOM + 20, place);
    }

    private String curve(int index, ChartAxis across, ChartAxis up) {
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
                        points(IntStream.range(0, x.size()), values, -1, across, up),
                        points(IntStream.range(0, x.size()).map(i -> x.size() - 1 - i), values, 1, across, up),
                        colour,
                        points(IntStream.range(0, x.size()), values, 0, across, up),
                        dots(values, colour, across, up),
                        WIDTH - RIGHT + 14,
                        WIDTH - RIGHT + 34,
                        legend,
                        legend,
                        colour,
                        WIDTH - RIGHT + 42,
                        legend,
                        HtmlText.escape(series.get(index).name()));
    }

    /** Places of the means, moved by {@code deviations} standard deviations. */
    private String points(IntStream order, List<MeanAndStd> values, int deviations, ChartAxis across, ChartAxis up) {
        return order.mapToObj(i -> number(right(across, x.get(i))) + ","
                        + number(down(
                                up,
                                values.get(i).mean()
                                        + deviations * values.get(i).std())))
                .collect(Collectors.joining(" "));
    }

    private String dots(List<MeanAndStd> values, String colour, ChartAxis across, ChartAxis up) {
        return IntStream.range(0, x.size())
                .mapToObj(i -> """
                        <circle cx="%s" cy="%s" r="3" fill="%s"/>
                        """.formatted(
                                number(right(across, x.get(i))),
                                number(down(up, values.get(i).mean())),
                                colour))
                .collect(Collectors.joining());
    }

    private static double right(ChartAxis across, double place) {
        return LEFT + across.position(place) * (WIDTH - LEFT - RIGHT);
    }

    private static double down(ChartAxis up, double value) {
        return HEIGHT - BOTTOM - up.position(value) * (HEIGHT - TOP - BOTTOM);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
