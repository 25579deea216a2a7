package dev.reverie.monitoring;

import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassPhaseChanged;
import dev.reverie.actors.telemetry.TelemetryEvent.EvaluationFailed;
import dev.reverie.actors.telemetry.TelemetryEvent.MemoryEvaluated;
import dev.reverie.actors.telemetry.TelemetryEvent.MemoryEvaluated.ClassAccuracy;
import dev.reverie.actors.telemetry.TelemetryListener;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Metrics about the evaluations of the memory. The results of the last evaluation are absent before the first
 * evaluation. The classes that arrived first have their own series, and the others share {@value ClassSeries#OTHER}.
 * Updated by a single thread, but can be scraped by any thread.
 */
public final class EvaluationMetrics implements TelemetryListener {

    /** Histogram buckets in seconds, for the training of small networks to that of networks for photos. */
    private static final double[] DURATIONS = {0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600};

    private static final double MILLIS = 1e3;

    private final MetricRegistrar registrar;
    private final int maxClassSeries;
    private final Histogram duration;
    private final Counter failures;
    private volatile Optional<MemoryEvaluated> latest = Optional.empty();
    /** The accuracies of the latest evaluation, without classes that were forgotten since. */
    private volatile List<ClassAccuracy> ofClasses = List.of();

    /**
     * Registers the metrics.
     *
     * @param registry registry for the metrics, which must not contain them yet
     * @param maxClassSeries maximum number of classes with their own series, at least 0
     */
    public EvaluationMetrics(PrometheusRegistry registry, int maxClassSeries) {
        this.registrar = new MetricRegistrar(registry);
        this.maxClassSeries = maxClassSeries;
        gauge(
                "reverie_eval_accuracy_ratio",
                "Held-out accuracy of the memory: the mean accuracy over the tested classes of a network that is"
                        + " trained on the memory alone, measured on images that are never learned from.",
                MemoryEvaluated::accuracy);
        gauge(
                "reverie_eval_images",
                "Number of images on which the memory was last evaluated.",
                MemoryEvaluated::images);
        gauge("reverie_eval_classes", "Number of classes that the last evaluation tested.", evaluated -> evaluated
                .accuracies()
                .size());
        gauge(
                "reverie_eval_untested_classes",
                "Number of classes of the memory that the last evaluation did not test, because they are"
                        + " sealed or had too few test images.",
                evaluated -> evaluated.memoryClasses() - evaluated.accuracies().size());
        gauge(
                "reverie_eval_memory_timestamp_seconds",
                "Time at which the memory was copied for the last evaluation.",
                evaluated -> evaluated.taken().toEpochMilli() / MILLIS);
        gauge(
                "reverie_eval_updated_timestamp_seconds",
                "Time of the last evaluation of the memory.",
                evaluated -> evaluated.ended().toEpochMilli() / MILLIS);
        registrar.measured(
                "reverie_eval_class_accuracy_ratio",
                "Held-out accuracy by class; classes that share a series have their mean.",
                gauge -> bySeries().forEach((name, classes) -> gauge.call(MemoryEvaluated.accuracyOn(classes), name)),
                "class");
        duration = registrar.seconds(
                "reverie_eval_duration", "Computing time of an evaluation, without its pauses.", DURATIONS);
        failures = registrar.counter("reverie_eval_failures_total", "Evaluations that failed.");
    }

    private void gauge(String name, String help, ToDoubleFunction<MemoryEvaluated> value) {
        registrar.measured(
                name, help, gauge -> latest.ifPresent(evaluated -> gauge.call(value.applyAsDouble(evaluated))));
    }

    @Override
    public void on(TelemetryEvent event) {
        switch (event) {
            case MemoryEvaluated evaluated -> {
                latest = Optional.of(evaluated);
                ofClasses = evaluated.accuracies();
                evaluated.seconds().ifPresent(duration::observe);
            }
            case EvaluationFailed _ -> failures.inc();
            case ClassPhaseChanged changed
            when changed.phase().isEmpty() ->
                ofClasses = ofClasses.stream()
                        .filter(each -> each.classIndex() != changed.classIndex())
                        .toList();
            default -> {}
        }
    }

    private Map<String, List<ClassAccuracy>> bySeries() {
        List<ClassAccuracy> classes = ofClasses;
        return IntStream.range(0, classes.size())
                .boxed()
                .collect(Collectors.groupingBy(
                        place -> place < maxClassSeries ? classes.get(place).name() : ClassSeries.OTHER,
                        Collectors.mapping(classes::get, Collectors.toList())));
    }
}
