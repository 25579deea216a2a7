package dev.reverie.monitoring;

import dev.reverie.monitoring.MemorySnapshot.ClassSnapshot;
import dev.reverie.monitoring.MemorySnapshot.Phase;
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
 * Gives classes their series, at most so many, so that a stream of ever new classes cannot fill the monitoring system.
 * Where there are more classes, those with the worst matching loss have series of their own, and the rest share
 * {@value #OTHER}.
 *
 * <p>Every series that begins or ends costs the monitoring system, and a loss is a noisy thing. So series are dealt
 * anew after a {@link #TERM}, or when some are free, and whoever has one keeps it unless another's loss is by half as
 * much again larger. Thread safe.
 */
final class ClassSeries {

    /** Shared by the classes without a series of their own. */
    static final String OTHER = "__other__";

    static final Duration TERM = Duration.ofMinutes(10);

    private static final double HOLD = 1.5;

    private final int limit;
    private final InstantSource clock;
    private Set<String> holders = Set.of();
    private Instant end = Instant.MIN;

    /**
     * No series yet.
     *
     * @param limit series of classes of their own, at least 0
     */
    ClassSeries(int limit, InstantSource clock) {
        this.limit = limit;
        this.clock = clock;
    }

    /** The classes by the name of their series. */
    synchronized Map<String, List<ClassSnapshot>> of(List<ClassSnapshot> classes) {
        Set<String> present = classes.stream().map(ClassSnapshot::label).collect(Collectors.toCollection(HashSet::new));
        present.retainAll(holders);
        if (present.size() < Math.min(limit, classes.size()) || !clock.instant().isBefore(end)) {
            end = clock.instant().plus(TERM);
            holders = worst(classes);
        }
        Map<String, List<ClassSnapshot>> series = new LinkedHashMap<>();
        for (ClassSnapshot each : classes) {
            String name = holders.contains(each.label()) ? each.label() : OTHER;
            series.computeIfAbsent(name, _ -> new ArrayList<>()).add(each);
        }
        return series;
    }

    /** Of equal ones, the first that came. */
    private Set<String> worst(List<ClassSnapshot> classes) {
        return classes.stream()
                .sorted(Comparator.comparingDouble(this::need).reversed())
                .limit(limit)
                .map(ClassSnapshot::label)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What is sealed learns no more, so nobody need watch it. */
    private double need(ClassSnapshot each) {
        double loss = each.phase() == Phase.SEALED ? 0 : each.matchingLoss().orElse(0);
        return holders.contains(each.label()) ? HOLD * loss : loss;
    }
}
