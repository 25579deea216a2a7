package dev.reverie.monitoring;

import dev.reverie.monitoring.ServiceSnapshot.ClassSnapshot;
import dev.reverie.monitoring.ServiceSnapshot.Phase;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The metrics of what a service has: its classes, their reservoirs and the memory. Each scrape shows one snapshot, so
 * they agree with each other, and a class that was forgotten is gone. The first classes have series of their own, so
 * that a stream of ever new ones cannot fill the monitoring system; the rest are summed up as
 * {@value ClassSeries#OTHER}.
 */
public final class MemoryMetrics implements MultiCollector {

    private static final double MILLIS = 1e3;

    private final Supplier<ServiceSnapshot> snapshots;
    private final int maxClassSeries;

    private MemoryMetrics(Supplier<ServiceSnapshot> snapshots, int maxClassSeries) {
        this.snapshots = snapshots;
        this.maxClassSeries = maxClassSeries;
    }

    /**
     * Registers the metrics.
     *
     * @param registry which must not have them yet
     * @param snapshots asked once for each scrape, by the thread that scrapes
     * @param maxClassSeries classes with series of their own, at least 0
     */
    public static void register(PrometheusRegistry registry, Supplier<ServiceSnapshot> snapshots, int maxClassSeries) {
        registry.register(new MemoryMetrics(snapshots, maxClassSeries));
    }

    @Override
    public MetricSnapshots collect() {
        ServiceSnapshot snapshot = snapshots.get();
        Map<String, List<ClassSnapshot>> series = series(snapshot.classes());
        List<MetricSnapshot> families = new ArrayList<>(List.of(
                gauge(
                        ClassFamilies.MEMORY_IMAGES,
                        ClassFamilies.MEMORY_IMAGES_HELP,
                        List.of(point(Labels.EMPTY, sum(snapshot.classes(), ClassSnapshot::images)))),
                gauge(ClassFamilies.PHASE_CLASSES, ClassFamilies.PHASE_CLASSES_HELP, phases(snapshot.classes())),
                gauge(
                        "reverie_class_in_phase",
                        "Classes of the series in the phase: 1 for a class of its own.",
                        phasesByClass(series)),
                gauge(ClassFamilies.MATCH_LOSS, ClassFamilies.MATCH_LOSS_HELP, losses(series)),
                byClass(series, "reverie_synthetic_images", "Synthetic images of the class.", ClassSnapshot::images),
                byClass(series, "reverie_reservoir_samples", "Real images held.", ClassSnapshot::reservoir),
                seen(series),
                gauge(
                        "reverie_synthetic_updated_timestamp_seconds",
                        "When the synthetic images of the class last changed.",
                        updates(series)),
                gauge(
                        "reverie_representatives_updated_timestamp_seconds",
                        "When the representatives of the class, if it is distilled, were last chosen by this process.",
                        representations(series))));
        snapshot.storeBytes()
                .ifPresent(bytes -> families.add(gauge(
                        "reverie_store_bytes",
                        "Events and snapshots in the store, without what the database adds.",
                        List.of(point(Labels.EMPTY, (double) bytes)))));
        return new MetricSnapshots(families);
    }

    private Map<String, List<ClassSnapshot>> series(List<ClassSnapshot> classes) {
        Map<String, List<ClassSnapshot>> series = new LinkedHashMap<>();
        for (ClassSnapshot each : classes) {
            String name = series.size() < maxClassSeries ? each.label() : ClassSeries.OTHER;
            series.computeIfAbsent(name, _ -> new ArrayList<>()).add(each);
        }
        return series;
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

    /** Their mean, where several classes share a series. */
    private static List<GaugeDataPointSnapshot> losses(Map<String, List<ClassSnapshot>> series) {
        List<GaugeDataPointSnapshot> points = new ArrayList<>();
        series.forEach((name, classes) -> classes.stream()
                .flatMapToDouble(each -> each.matchingLoss().stream())
                .average()
                .ifPresent(loss -> points.add(point(ofClass(name), loss))));
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
                        .flatMap(each -> each.represented().stream()))
                .ifPresent(when -> points.add(at(name, when))));
        return points;
    }

    private static Optional<Instant> earliest(Stream<Instant> moments) {
        return moments.min(Comparator.naturalOrder());
    }

    private static GaugeDataPointSnapshot at(String name, Instant when) {
        return point(ofClass(name), when.toEpochMilli() / MILLIS);
    }

    private static MetricSnapshot byClass(
            Map<String, List<ClassSnapshot>> series, String name, String help, ToDoubleFunction<ClassSnapshot> value) {
        return gauge(
                name,
                help,
                series.entrySet().stream()
                        .map(entry -> point(ofClass(entry.getKey()), sum(entry.getValue(), value)))
                        .toList());
    }

    private static MetricSnapshot seen(Map<String, List<ClassSnapshot>> series) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder()
                .name("reverie_reservoir_seen_samples")
                .help("Samples accepted over the life of the store.");
        series.forEach((name, classes) -> counter.dataPoint(CounterDataPointSnapshot.builder()
                .labels(ofClass(name))
                .value(sum(classes, ClassSnapshot::seen))
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
