package dev.reverie.monitoring;

import dev.reverie.monitoring.MemorySnapshot.ClassSnapshot;
import dev.reverie.monitoring.MemorySnapshot.Phase;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The metrics of what a service or a run has: its classes, their reservoirs and the memory. Each scrape shows one
 * snapshot, so they agree with each other, and a class that was forgotten is gone. Only so many classes have series of
 * their own, those with the worst matching loss; the rest are summed up as {@value ClassSeries#OTHER}.
 */
public final class MemoryMetrics implements MultiCollector {

    private static final double MILLIS = 1e3;

    private final Supplier<MemorySnapshot> snapshots;
    private final ClassSeries classSeries;
    private final SampleCounter seenSamples = new SampleCounter();

    private MemoryMetrics(Supplier<MemorySnapshot> snapshots, ClassSeries classSeries) {
        this.snapshots = snapshots;
        this.classSeries = classSeries;
    }

    /**
     * Registers the metrics.
     *
     * @param registry which must not have them yet
     * @param snapshots asked once for each scrape, by the thread that scrapes
     * @param maxClassSeries classes with series of their own, at least 0
     * @param clock tells when series are dealt anew
     */
    public static void register(
            PrometheusRegistry registry, Supplier<MemorySnapshot> snapshots, int maxClassSeries, InstantSource clock) {
        registry.register(new MemoryMetrics(snapshots, new ClassSeries(maxClassSeries, clock)));
    }

    @Override
    public MetricSnapshots collect() {
        MemorySnapshot snapshot = snapshots.get();
        Map<String, List<ClassSnapshot>> series = classSeries.of(snapshot.classes());
        List<MetricSnapshot> families = new ArrayList<>(List.of(
                gauge(
                        "reverie_memory_images",
                        "Synthetic images stored.",
                        List.of(point(Labels.EMPTY, sum(snapshot.classes(), ClassSnapshot::images)))),
                gauge("reverie_class_phase_classes", "Classes by the phase of their life.", phases(snapshot.classes())),
                gauge(
                        "reverie_class_in_phase",
                        "Classes of the series in the phase: 1 for a class of its own.",
                        phasesByClass(series)),
                sums(series, "reverie_synthetic_images", "Synthetic images of the class.", ClassSnapshot::images),
                sums(series, "reverie_reservoir_samples", "Real images held.", ClassSnapshot::reservoir),
                seen(series)));
        families.addAll(learning(series));
        snapshot.storeBytes()
                .ifPresent(bytes -> families.add(gauge(
                        "reverie_store_bytes",
                        "Events and snapshots in the store, without what the database adds.",
                        List.of(point(Labels.EMPTY, (double) bytes)))));
        return new MetricSnapshots(families);
    }

    private static List<MetricSnapshot> learning(Map<String, List<ClassSnapshot>> series) {
        return List.of(
                means(
                        series,
                        "reverie_match_loss",
                        "Matching distance of the class's last step.",
                        ClassSnapshot::matchingLoss),
                means(
                        series,
                        "reverie_synthetic_change_ratio",
                        "Root mean square change of the pixels of the class's synthetic images, as they are handed out,"
                                + " in its last inner loop, in parts of their range.",
                        each -> each.signs().change()),
                means(
                        series,
                        "reverie_representatives_migration_ratio",
                        "Part of the class's representatives that were not chosen the time before.",
                        each -> each.signs().migration()),
                means(
                        series,
                        "reverie_representatives_mmd_ratio",
                        "Maximum mean discrepancy between the class's representatives and the images they were chosen"
                                + " from, with a linear kernel on the network's features, in parts of the features'"
                                + " root mean square distance from their mean.",
                        each -> each.signs().discrepancy()),
                gauge(
                        "reverie_synthetic_updated_timestamp_seconds",
                        "When the synthetic images of the class last changed.",
                        updates(series)),
                gauge(
                        "reverie_representatives_updated_timestamp_seconds",
                        "When the representatives of the class, if it is distilled, were last chosen by this process; if a"
                                + " class step draws its real images at random, when it last did.",
                        representations(series)));
    }

    private static List<GaugeDataPointSnapshot> phases(List<ClassSnapshot> classes) {
        List<GaugeDataPointSnapshot> points = new ArrayList<>();
        for (Phase phase : Phase.values()) {
            points.add(point(Labels.of("phase", label(phase)), (double)
                    classes.stream().filter(each -> each.phase() == phase).count()));
        }
        return points;
    }

    private static List<GaugeDataPointSnapshot> phasesByClass(Map<String, List<ClassSnapshot>> series) {
        List<GaugeDataPointSnapshot> points = new ArrayList<>();
        series.forEach((name, classes) -> classes.stream()
                .collect(Collectors.groupingBy(
                        ClassSnapshot::phase, () -> new EnumMap<>(Phase.class), Collectors.counting()))
                .forEach((phase, count) ->
                        points.add(point(Labels.of("class", name, "phase", label(phase)), (double) count))));
        return points;
    }

    /** The earliest, where several classes share a series. */
    private static List<GaugeDataPointSnapshot> updates(Map<String, List<ClassSnapshot>> series) {
        List<GaugeDataPointSnapshot> points = new ArrayList<>();
        series.forEach((name, classes) ->
                earliest(classes.stream().map(ClassSnapshot::updated)).ifPresent(when -> points.add(at(name, when))));
        return points;
    }

    /** The earliest, too; a class that is not distilled needs no new ones, so it would only look late. */
    private static List<GaugeDataPointSnapshot> representations(Map<String, List<ClassSnapshot>> series) {
        List<GaugeDataPointSnapshot> points = new ArrayList<>();
        series.forEach((name, classes) -> earliest(classes.stream()
                        .filter(each -> each.phase() == Phase.DISTILLING)
                        .flatMap(each -> each.signs().represented().stream()))
                .ifPresent(when -> points.add(at(name, when))));
        return points;
    }

    private static Optional<Instant> earliest(Stream<Instant> moments) {
        return moments.min(Comparator.naturalOrder());
    }

    private static GaugeDataPointSnapshot at(String name, Instant when) {
        return point(ofClass(name), when.toEpochMilli() / MILLIS);
    }

    private static MetricSnapshot sums(
            Map<String, List<ClassSnapshot>> series, String name, String help, ToDoubleFunction<ClassSnapshot> value) {
        return gauge(
                name,
                help,
                series.entrySet().stream()
                        .map(entry -> point(ofClass(entry.getKey()), sum(entry.getValue(), value)))
                        .toList());
    }

    private static MetricSnapshot means(
            Map<String, List<ClassSnapshot>> series,
            String name,
            String help,
            Function<ClassSnapshot, OptionalDouble> value) {
        List<GaugeDataPointSnapshot> points = new ArrayList<>();
        series.forEach((label, classes) -> classes.stream()
                .flatMapToDouble(each -> value.apply(each).stream())
                .average()
                .ifPresent(mean -> points.add(point(ofClass(label), mean))));
        return gauge(name, help, points);
    }

    private MetricSnapshot seen(Map<String, List<ClassSnapshot>> series) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder()
                .name("reverie_reservoir_seen_samples")
                .help("Samples accepted over the life of the store; of classes that share a series, while they did.");
        seenSamples
                .of(series)
                .forEach((name, seen) -> counter.dataPoint(CounterDataPointSnapshot.builder()
                        .labels(ofClass(name))
                        .value(seen)
                        .build()));
        return counter.build();
    }

    private static double sum(Collection<ClassSnapshot> classes, ToDoubleFunction<ClassSnapshot> value) {
        return classes.stream().mapToDouble(value).sum();
    }

    private static MetricSnapshot gauge(String name, String help, List<GaugeDataPointSnapshot> points) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        points.forEach(gauge::dataPoint);
        return gauge.build();
    }

    private static GaugeDataPointSnapshot point(Labels labels, double value) {
        return GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
    }

    private static String label(Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }

    private static Labels ofClass(String name) {
        return Labels.of("class", name);
    }
}
