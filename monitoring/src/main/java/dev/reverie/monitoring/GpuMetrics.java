package dev.reverie.monitoring;

import dev.reverie.gpu.nvidia.Nvml.GpuTelemetry;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.Supplier;

/** The metrics for the state of the GPUs. A value that is not known has no series. */
public final class GpuMetrics implements MultiCollector {

    private static final String MISSING = " Missing if the engine computes on the CPU.";

    private final Supplier<List<GpuTelemetry>> gpus;

    private GpuMetrics(Supplier<List<GpuTelemetry>> gpus) {
        this.gpus = gpus;
    }

    /**
     * Registers the metrics.
     *
     * @param registry registry for the metrics, which must not contain them yet
     * @param gpus returns the current state of each GPU; called once for each scrape, by the scraping thread
     */
    public static void register(PrometheusRegistry registry, Supplier<List<GpuTelemetry>> gpus) {
        registry.register(new GpuMetrics(gpus));
    }

    @Override
    public MetricSnapshots collect() {
        List<GpuTelemetry> now = gpus.get();
        return MetricSnapshots.of(
                gauge(
                        now,
                        "reverie_gpu_utilization_ratio",
                        "Fraction of the driver's last sample period, at most a second, in which the GPU computed.",
                        GpuTelemetry::utilisation),
                gauge(
                        now,
                        "reverie_gpu_memory_used_bytes",
                        "Memory of the GPU that is in use, including what the driver reserves.",
                        gpu -> number(gpu.memoryUsedBytes())),
                gauge(now, "reverie_gpu_memory_bytes", "Memory of the GPU.", gpu -> number(gpu.memoryBytes())),
                gauge(now, "reverie_gpu_temperature_celsius", "Temperature of the GPU.", GpuTelemetry::celsius),
                gauge(now, "reverie_gpu_power_watts", "Power that the GPU draws.", GpuTelemetry::watts));
    }

    private static GaugeSnapshot gauge(
            List<GpuTelemetry> gpus, String name, String help, Function<GpuTelemetry, OptionalDouble> value) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help + MISSING);
        for (GpuTelemetry gpu : gpus) {
            value.apply(gpu)
                    .ifPresent(known -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                            .labels(Labels.of("gpu", Integer.toString(gpu.index())))
                            .value(known)
                            .build()));
        }
        return gauge.build();
    }

    private static OptionalDouble number(OptionalLong bytes) {
        return bytes.isPresent() ? OptionalDouble.of((double) bytes.getAsLong()) : OptionalDouble.empty();
    }
}
