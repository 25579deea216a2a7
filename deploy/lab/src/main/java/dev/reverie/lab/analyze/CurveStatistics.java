package dev.reverie.lab.analyze;

import dev.reverie.gpu.evaluate.MeanAndStd;
import dev.reverie.lab.analyze.Figure.Mark;
import dev.reverie.lab.analyze.Figure.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Collects the values of a curve and computes their mean and standard deviation at each x. Several seeds or classes
 * give several values per x. Not thread safe.
 */
final class CurveStatistics {

    private final SortedMap<Integer, List<Double>> values = new TreeMap<>();

    /** Adds a value at x. */
    void add(int x, double value) {
        values.computeIfAbsent(x, _ -> new ArrayList<>()).add(value);
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    /** Returns the mean and the standard deviation at the smallest x; the curve must not be empty. */
    MeanAndStd first() {
        return MeanAndStd.of(valuesByX().getFirst());
    }

    /** Returns the mean and the standard deviation at the largest x; the curve must not be empty. */
    MeanAndStd last() {
        return MeanAndStd.of(valuesByX().getLast());
    }

    /** Returns the mean and the standard deviation of all values. */
    MeanAndStd all() {
        return MeanAndStd.of(valuesByX().stream().flatMap(List::stream).toList());
    }

    private List<List<Double>> valuesByX() {
        return List.copyOf(values.values());
    }

    /** Returns the series to plot: the mean and the standard deviation at each x, multiplied by {@code factor}. */
    Series series(String name, double factor) {
        List<MeanAndStd> spreads = valuesByX().stream().map(MeanAndStd::of).toList();
        return new Series(
                name,
                Mark.LINE,
                values.keySet().stream().map(Integer::doubleValue).toList(),
                spreads.stream().map(spread -> factor * spread.mean()).toList(),
                spreads.stream().map(spread -> factor * spread.std()).toList());
    }
}
