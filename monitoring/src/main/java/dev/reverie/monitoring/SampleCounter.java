package dev.reverie.monitoring;

import dev.reverie.monitoring.MemorySnapshot.ClassSnapshot;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts the samples of each series of classes. A counter must never go back, or the monitoring system takes it for one
 * that began anew; so the series that classes share counts what comes to each of them for as long as it is in there,
 * and keeps that when the class leaves it. Thread safe.
 */
final class SampleCounter {

    private final Map<String, Long> latest = new HashMap<>();
    private long shared;

    /** Samples seen by series, of classes by series. */
    synchronized Map<String, Long> of(Map<String, List<ClassSnapshot>> series) {
        Map<String, Long> seen = new LinkedHashMap<>();
        series.forEach((name, classes) -> {
            if (name.equals(ClassSeries.OTHER)) {
                shared += classes.stream().mapToLong(this::come).sum();
                seen.put(name, shared);
            } else {
                seen.put(name, classes.stream().mapToLong(ClassSnapshot::seen).sum());
            }
        });
        latest.clear();
        series.values().stream().flatMap(Collection::stream).forEach(each -> latest.put(each.label(), each.seen()));
        return seen;
    }

    /** Since the last look; a class that has fewer than then was forgotten, and another one has its name. */
    private long come(ClassSnapshot each) {
        long before = latest.getOrDefault(each.label(), 0L);
        return each.seen() < before ? each.seen() : each.seen() - before;
    }
}
