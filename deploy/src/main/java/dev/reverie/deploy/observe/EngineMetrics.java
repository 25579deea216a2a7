package dev.reverie.deploy.observe;

import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.gpu.nvidia.Nvml.GpuTelemetry;
import dev.reverie.monitoring.MetricRegistrar;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The metrics of what the engines compute, and of the GPUs on which they do. A value that is not known has no series.
 */
final class EngineMetrics {

    private EngineMetrics() {}

    /** Registers the metrics. Each scrape asks the engines once for each. */
    static void register(MetricRegistrar registrar, EngineFactory engines) {
        CounterWithCallback.builder()
                .name("reverie_kernel_seconds_total")
                .unit(Unit.SECONDS)
                .help(
                        "Time spent in the calls of each kind of kernel, summed over all cores. On a GPU, only the time to"
                                + " start the kernels.")
                .labelNames("kernel")
                .callback(counter -> engines.kernelSeconds().forEach((kernel, spent) -> counter.call(spent, kernel)))
                .register(registrar.registry());
        String missing = " Missing unless the engine torch computes on a GPU.";
        registrar.measured(
                "reverie_gpu_batch_limit_images",
                "The most images that the engine computes at once on the GPU." + missing,
                gauge -> engines.batchLimit().ifPresent(gauge::call));
        registrar.counted(
                "reverie_gpu_batch_halvings_total",
                "Times that a batch did not fit the memory of the GPU, so that batches have become smaller." + missing,
                counter -> engines.batchHalvings().ifPresent(counter::call));
        registrar.registry().register((MultiCollector) () -> gpus(engines.gpus()));
    }

    private static MetricSnapshots gpus(List<GpuTelemetry> now) {
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
        GaugeSnapshot.Builder gauge =
                GaugeSnapshot.builder().name(name).help(help + " Missing if the engine computes on the CPU.");
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
