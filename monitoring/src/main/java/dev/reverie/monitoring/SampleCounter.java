package dev.reverie.monitoring;

import dev.reverie.monitoring.MemorySnapshot.ClassMetrics;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts the samples of each series. Prometheus interprets a decreasing counter as a restart. The shared series
 * therefore counts the new samples of each class while the class belongs to the series, and does not subtract them when
 * the class leaves it. Thread safe.
 */
final class SampleCounter {

    private final Map<String, Long> latest = new HashMap<>();
    private long shared;

    /** Returns the number of samples of each series, by the name of the series. */
    synchronized Map<String, Long> of(Map<String, List<ClassMetrics>> series) {
        Map<String, Long> seen = new LinkedHashMap<>();
        series.forEach((name, classes) -> {
            if (name.equals(ClassSeries.OTHER)) {
                shared += classes.stream().mapToLong(this::newSamples).sum();
                seen.put(name, shared);
            } else {
                seen.put(name, classes.stream().mapToLong(ClassMetrics::seen).sum());
            }
        });
        latest.clear();
        series.values().stream().flatMap(Collection::stream).forEach(each -> latest.put(each.label(), each.seen()));
        return seen;
    }

    /**
     * Returns the number of samples since the last scrape. A class with fewer samples than before is a new class with
     * the label of a forgotten one.
     */
    private long newSamples(ClassMetrics each) {
        long before = latest.getOrDefault(each.label(), 0L);
        return each.seen() < before ? each.seen() : each.seen() - before;
    }
}
