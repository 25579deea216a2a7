package dev.reverie.monitoring;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** The metrics of what an engine computes. */
public final class EngineMetrics {

    private static final String MISSING = " Missing unless the engine torch computes on a GPU.";

    private EngineMetrics() {}

    /**
     * Registers the time spent in compute kernels.
     *
     * @param seconds returns the total time so far, by the name of the kernel; called at each scrape
     */
    public static void ofKernels(PrometheusRegistry registry, Supplier<Map<String, Double>> seconds) {
        CounterWithCallback.builder()
                .name("reverie_kernel_seconds_total")
                .unit(Unit.SECONDS)
                .help(
                        "Time spent in the calls of each kind of kernel, summed over all cores. On a GPU, only the time to start the kernels.")
                .labelNames("kernel")
                .callback(counter -> seconds.get().forEach((kernel, spent) -> counter.call(spent, kernel)))
                .register(registry);
    }

    /**
     * Registers the batches of an engine on a GPU, whose memory limits them. Without a limit, the metrics have no
     * series.
     *
     * @param limit returns the most images of a batch; called for each scrape, by the scraping thread
     * @param halvings returns how often the limit was lowered; called for each scrape, by the scraping thread
     */
    public static void ofBatches(
            PrometheusRegistry registry, Supplier<OptionalLong> limit, Supplier<OptionalLong> halvings) {
        GaugeWithCallback.builder()
                .name("reverie_gpu_batch_limit_images")
                .help("The most images that the engine computes at once on the GPU." + MISSING)
                .callback(gauge -> limit.get().ifPresent(gauge::call))
                .register(registry);
        CounterWithCallback.builder()
                .name("reverie_gpu_batch_halvings_total")
                .help("Times that a batch did not fit the memory of the GPU, so that batches have become smaller."
                        + MISSING)
                .callback(counter -> halvings.get().ifPresent(counter::call))
                .register(registry);
    }
}
