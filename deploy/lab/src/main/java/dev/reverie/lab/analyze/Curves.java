package dev.reverie.lab.analyze;

import dev.reverie.gpu.evaluate.MeanAndStd;
import dev.reverie.lab.report.BandChart.Point;
import dev.reverie.lab.report.BandChart.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Named curves, in the order in which they got their first value. Several seeds or classes give a curve several values
 * at each x. Not thread safe.
 */
final class Curves {

    private final Map<String, SortedMap<Integer, List<Double>>> curves = new LinkedHashMap<>();

    void add(String curve, int x, double value) {
        curves.computeIfAbsent(curve, _ -> new TreeMap<>())
                .computeIfAbsent(x, _ -> new ArrayList<>())
                .add(value);
    }

    /** Returns the mean and the standard deviation at the smallest x. */
    MeanAndStd first(String curve) {
        return MeanAndStd.of(valuesByX(curve).getFirst());
    }

    /** Returns the mean and the standard deviation at the largest x. */
    MeanAndStd last(String curve) {
        return MeanAndStd.of(valuesByX(curve).getLast());
    }

    /** Returns the mean and the standard deviation of all values. */
    MeanAndStd all(String curve) {
        return MeanAndStd.of(valuesByX(curve).stream().flatMap(List::stream).toList());
    }

    private List<List<Double>> valuesByX(String curve) {
        return List.copyOf(of(curve).values());
    }

    private SortedMap<Integer, List<Double>> of(String curve) {
        return curves.getOrDefault(curve, new TreeMap<>());
    }

    String summary(Function<String, String> aboutCurve) {
        return curves.keySet().stream().map(aboutCurve).collect(Collectors.joining(", "));
    }

    /** Says what accuracy each curve reaches. */
    String lastAccuracies() {
        return summary(curve -> "%s %.1f %%".formatted(curve, 100 * last(curve).mean()));
    }

    /** Returns one series per curve, with the mean and the standard deviation at each x. */
    List<Series> series() {
        return series(_ -> 1);
    }

    List<Series> percentages() {
        return series(_ -> 100);
    }

    /** Returns one series per curve, with the mean and the standard deviation at each x times a factor of the curve. */
    List<Series> series(ToDoubleFunction<String> factorOf) {
        return curves.keySet().stream()
                .map(curve -> series(curve, factorOf.applyAsDouble(curve)))
                .toList();
    }

    private Series series(String curve, double factor) {
        return Series.curve(
                curve,
                of(curve).entrySet().stream()
                        .map(each -> {
                            MeanAndStd value = MeanAndStd.of(each.getValue());
                            return new Point(
                                    each.getKey(), new MeanAndStd(factor * value.mean(), factor * value.std()));
                        })
                        .toList());
    }
}
