package dev.reverie.streams.history;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Thins lists of entries in the order of their times, so that recent entries are closer together than old ones. */
final class Thinning {

    private Thinning() {}

    /**
     * Removes the entry whose neighbours are closest together in time relative to its age, but never the first or the
     * latest; of two entries, removes the first.
     *
     * @param entries at least two
     */
    static <T> void removeMostRedundant(List<T> entries, Function<T, Instant> time) {
        List<Instant> times = entries.stream().map(time).toList();
        int redundant = IntStream.range(1, times.size() - 1)
                .boxed()
                .min((a, b) -> Double.compare(gap(times, a), gap(times, b)))
                .orElse(0);
        entries.remove(redundant);
    }

    private static double gap(List<Instant> times, int index) {
        Duration between = Duration.between(times.get(index - 1), times.get(index + 1));
        Duration age = Duration.between(times.get(index), times.getLast());
        return between.toMillis() / (double) Math.max(1, age.toMillis());
    }
}
