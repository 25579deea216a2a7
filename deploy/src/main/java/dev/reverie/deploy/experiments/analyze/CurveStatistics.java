package dev.reverie.deploy.experiments.analyze;

import dev.reverie.deploy.experiments.analyze.Figure.Mark;
import dev.reverie.deploy.experiments.analyze.Figure.Series;
import dev.reverie.gpu.evaluate.MeanAndStd;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Values at ascending places, one or several at each: those of several seeds or classes. Not thread safe. */
final class CurveStatistics {

    private final SortedMap<Integer, List<Double>> values = new TreeMap<>();

    /** One more value at a place. */
    void add(int place, double value) {
        values.computeIfAbsent(place, _ -> new ArrayList<>()).add(value);
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    /** Those at the first place, of which there must be one. */
    MeanAndStd first() {
        return MeanAndStd.of(places().getFirst());
    }

    /** Those at the last place, of which there must be one. */
    MeanAndStd last() {
        return MeanAndStd.of(places().getLast());
    }

    /** Those at all places. */
    MeanAndStd all() {
        return MeanAndStd.of(places().stream().flatMap(List::stream).toList());
    }

    private List<List<Double>> places() {
        return List.copyOf(values.values());
    }

    /** Place by place, in order. */
    void forEach(BiConsumer<Integer, List<Double>> each) {
        values.forEach((place, at) -> each.accept(place, List.copyOf(at)));
    }

    /** Mean and standard deviation at each place, every value multiplied. */
    Series series(String name, double factor) {
        List<MeanAndStd> spreads = places().stream().map(MeanAndStd::of).toList();
        return new Series(
                name,
                Mark.LINE,
                values.keySet().stream().map(Integer::doubleValue).toList(),
                spreads.stream().map(spread -> factor * spread.mean()).toList(),
                spreads.stream().map(spread -> factor * spread.std()).toList());
    }
}
