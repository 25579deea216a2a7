package dev.reverie.monitoring;

import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.monitoring.MemorySnapshot.ClassMetrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Assigns classes to a limited number of metric series, so that a stream with many classes cannot overload the
 * monitoring system. If there are more classes than series, the classes with the highest matching loss have their own
 * series, and the others share {@value #OTHER}.
 *
 * <p>New and ended series are expensive for the monitoring system, and losses are noisy. Therefore, series are
 * reassigned only after a {@link #TERM} or when some are unused, and a class without its own series replaces another
 * class only if its loss is more than 1.5 times as high. Thread safe.
 */
final class ClassSeries {

    /** The series that the classes without their own series share. No label begins with a space. */
    static final String OTHER = " others";

    static final Duration TERM = Duration.ofMinutes(10);

    private static final double HYSTERESIS = 1.5;

    /** Maximum number of classes with their own series, at least 0. */
    private final int limit;

    private final InstantSource clock;
    private Set<String> holders = Set.of();
    private Instant end = Instant.MIN;

    ClassSeries(int limit, InstantSource clock) {
        this.limit = limit;
        this.clock = clock;
    }

    /** Assigns the classes to series, and returns the classes of each series by its name. */
    synchronized Map<String, List<ClassMetrics>> of(List<ClassMetrics> classes) {
        Set<String> present = classes.stream().map(ClassMetrics::label).collect(Collectors.toCollection(HashSet::new));
        present.retainAll(holders);
        if (present.size() < Math.min(limit, classes.size()) || !clock.instant().isBefore(end)) {
            end = clock.instant().plus(TERM);
            holders = highestLoss(classes);
        }
        Map<String, List<ClassMetrics>> series = new LinkedHashMap<>();
        for (ClassMetrics each : classes) {
            String name = holders.contains(each.label()) ? each.label() : OTHER;
            series.computeIfAbsent(name, _ -> new ArrayList<>()).add(each);
        }
        return series;
    }

    /**
     * Returns the labels of the classes with the highest priority. Among classes with equal priority, earlier ones win.
     */
    private Set<String> highestLoss(List<ClassMetrics> classes) {
        return classes.stream()
                .sorted(Comparator.comparingDouble(this::priority).reversed())
                .limit(limit)
                .map(ClassMetrics::label)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Returns the matching loss, raised for a class that already has its own series. A sealed class does not learn any
     * more, so it has the lowest priority.
     */
    private double priority(ClassMetrics each) {
        double loss =
                each.phase() == ClassPhase.SEALED ? 0 : each.matchingLoss().orElse(0);
        return holders.contains(each.label()) ? HYSTERESIS * loss : loss;
    }
}
