package dev.reverie.monitoring;

import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.monitoring.MemorySnapshot.ClassMetrics;
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

/**
 * Metrics that describe the classes of a service or a run, their reservoirs, and the memory. Each scrape uses one
 * snapshot, so the values are consistent and forgotten classes disappear. A limited number of classes, those with the
 * highest matching loss, have their own series; the others share {@value ClassSeries#OTHER}.
 */
public final class MemoryMetrics implements MultiCollector {

    private static final double MILLIS = 1e3;

    private static final List<ClassGauge> OF_CLASSES = List.of(
            new ClassGauge(
                    "reverie_synthetic_images",
                    "Synthetic images of the class.",
                    classes -> OptionalDouble.of(sum(classes, ClassMetrics::images))),
            new ClassGauge(
                    "reverie_synthetic_coded_bytes",
                    "Size of the picture of the class's synthetic images when the memory was last read. Absent until"
                            + " then; in a shared series, the sum of the known sizes.",
                    MemoryMetrics::codedBytes),
            new ClassGauge(
                    "reverie_reservoir_samples",
                    "Real images in the reservoir.",
                    classes -> OptionalDouble.of(sum(classes, ClassMetrics::reservoir))),
            new ClassGauge(
                    "reverie_match_loss",
                    "Matching loss of the last class step of the class.",
                    classes -> mean(classes, ClassMetrics::matchingLoss)),
            new ClassGauge(
                    "reverie_synthetic_change_ratio",
                    "Root mean square change in the pixels of the synthetic images during the last inner loop"
                            + " of the class, as a fraction of the pixel range.",
                    classes -> mean(classes, each -> each.indicators().change())),
            new ClassGauge(
                    "reverie_representatives_migration_ratio",
                    "Fraction of the class's representatives that were not representatives before the last choice.",
                    classes -> mean(classes, each -> each.indicators().migration())),
            new ClassGauge(
                    "reverie_representatives_mmd_ratio",
                    "Maximum mean discrepancy, with a linear kernel on the network's features, between the"
                            + " representatives of the class and the candidates from which they were chosen. The discrepancy is given as a fraction of the root mean square distance of the candidates' features"
                            + " from their mean. With stratified batches, a batch with one image of each stratum counts as the"
                            + " representatives.",
                    classes -> mean(classes, each -> each.indicators().discrepancy())),
            new ClassGauge(
                    "reverie_synthetic_updated_timestamp_seconds",
                    "Time at which the synthetic images of the class last changed.",
                    classes -> earliest(classes, each -> Optional.of(each.updated()))),
            new ClassGauge(
                    "reverie_class_last_arrival_timestamp_seconds",
                    "Time at which this process last accepted a delivery with samples of the class, new or"
                            + " not. Absent until then.",
                    classes -> earliest(classes, ClassMetrics::arrived)),
            new ClassGauge(
                    "reverie_representatives_updated_timestamp_seconds",
                    "Time at which this process last chose the representatives of the class; only for classes that"
                            + " are being distilled. If each class step draws a batch, the value is the time of the last class step.",
                    classes -> earliest(classes, MemoryMetrics::represented)));

    private final Supplier<MemorySnapshot> snapshots;
    private final ClassSeries classSeries;
    private final SampleCounter seenSamples = new SampleCounter();

    /** A gauge with a value for the classes of each series, if they have one. */
    private record ClassGauge(String name, String help, Function<List<ClassMetrics>, OptionalDouble> value) {

        MetricSnapshot of(Map<String, List<ClassMetrics>> series) {
            List<GaugeDataPointSnapshot> points = new ArrayList<>();
            series.forEach((label, classes) ->
                    value.apply(classes).ifPresent(known -> points.add(point(ofClass(label), known))));
            return gauge(name, help, points);
        }
    }

    private MemoryMetrics(Supplier<MemorySnapshot> snapshots, ClassSeries classSeries) {
        this.snapshots = snapshots;
        this.classSeries = classSeries;
    }

    /**
     * Registers the metrics.
     *
     * @param registry registry for the metrics, which must not contain them yet
     * @param snapshots returns the current state of the classes; called once for each scrape, by the scraping thread
     * @param maxClassSeries maximum number of classes with their own series, at least 0
     * @param clock determines when series are reassigned
     */
    public static void register(
            PrometheusRegistry registry, Supplier<MemorySnapshot> snapshots, int maxClassSeries, InstantSource clock) {
        registry.register(new MemoryMetrics(snapshots, new ClassSeries(maxClassSeries, clock)));
    }

    @Override
    public MetricSnapshots collect() {
        MemorySnapshot snapshot = snapshots.get();
        Map<String, List<ClassMetrics>> series = classSeries.of(snapshot.classes());
        List<MetricSnapshot> families = new ArrayList<>(List.of(
                gauge(
                        "reverie_memory_images",
                        "Synthetic images stored.",
                        List.of(point(Labels.EMPTY, sum(snapshot.classes(), ClassMetrics::images)))),
                gauge("reverie_class_phase_classes", "Classes by phase.", phases(snapshot.classes())),
                gauge(
                        "reverie_class_in_phase",
                        "Number of classes in this phase that share the series; 1 if the class has its own series.",
                        phasesByClass(series)),
                seen(series)));
        OF_CLASSES.forEach(each -> families.add(each.of(series)));
        snapshot.damaged()
                .ifPresent(damaged -> families.add(gauge(
                        "reverie_store_damaged_classes",
                        "Classes that are not served, because their rows in the store are damaged; 1 if the list of"
                                + " classes is damaged, so that no class is served. Absent until the store has been"
                                + " read.",
                        List.of(point(Labels.EMPTY, damaged)))));
        snapshot.storeBytes()
                .ifPresent(bytes -> families.add(gauge(
                        "reverie_store_bytes",
                        "Size of events and snapshots in the store, without the overhead of the database.",
                        List.of(point(Labels.EMPTY, (double) bytes)))));
        return new MetricSnapshots(families);
    }

    private static List<GaugeDataPointSnapshot> phases(List<ClassMetrics> classes) {
        List<GaugeDataPointSnapshot> points = new ArrayList<>();
        for (ClassPhase phase : ClassPhase.values()) {
            points.add(point(Labels.of("phase", label(phase)), (double)
                    classes.stream().filter(each -> each.phase() == phase).count()));
        }
        return points;
    }

    private static List<GaugeDataPointSnapshot> phasesByClass(Map<String, List<ClassMetrics>> series) {
        List<GaugeDataPointSnapshot> points = new ArrayList<>();
        series.forEach((name, classes) -> classes.stream()
                .collect(Collectors.groupingBy(
                        ClassMetrics::phase, () -> new EnumMap<>(ClassPhase.class), Collectors.counting()))
                .forEach((phase, count) ->
                        points.add(point(Labels.of("class", name, "phase", label(phase)), (double) count))));
        return points;
    }

    /**
     * Returns the time when the representatives of a class that is being distilled were last chosen. Other classes need
     * no new representatives and would look outdated.
     */
    private static Optional<Instant> represented(ClassMetrics each) {
        return each.phase() == ClassPhase.DISTILLING ? each.indicators().represented() : Optional.empty();
    }

    private static OptionalDouble codedBytes(List<ClassMetrics> classes) {
        return classes.stream()
                .flatMapToLong(each -> each.codedBytes().stream())
                .mapToDouble(bytes -> bytes)
                .reduce(Double::sum);
    }

    private static OptionalDouble mean(List<ClassMetrics> classes, Function<ClassMetrics, OptionalDouble> value) {
        return classes.stream()
                .flatMapToDouble(each -> value.apply(each).stream())
                .average();
    }

    private static OptionalDouble earliest(List<ClassMetrics> classes, Function<ClassMetrics, Optional<Instant>> time) {
        return classes.stream()
                .flatMap(each -> time.apply(each).stream())
                .mapToDouble(when -> when.toEpochMilli() / MILLIS)
                .min();
    }

    private MetricSnapshot seen(Map<String, List<ClassMetrics>> series) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder()
                .name("reverie_reservoir_seen_samples")
                .help("Samples accepted over the life of the store; in a shared series, those accepted while their"
                        + " class belonged to the series.");
        seenSamples
                .of(series)
                .forEach((name, seen) -> counter.dataPoint(CounterDataPointSnapshot.builder()
                        .labels(ofClass(name))
                        .value(seen)
                        .build()));
        return counter.build();
    }

    private static double sum(Collection<ClassMetrics> classes, ToDoubleFunction<ClassMetrics> value) {
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

    private static String label(ClassPhase phase) {
        return phase.name().toLowerCase(Locale.ROOT);
    }

    private static Labels ofClass(String name) {
        return Labels.of("class", name);
    }
}
