package dev.reverie.monitoring;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * The metrics for the batches of an engine on a GPU, whose memory limits them. Without a limit, they have no series.
 */
public final class GpuBatchMetrics {

    private static final String MISSING = " Missing unless the engine torch computes on a GPU.";

    private GpuBatchMetrics() {}

    /**
     * Registers the metrics.
     *
     * @param registry registry for the metrics, which must not contain them yet
     * @param limit returns the most images of a batch; called for each scrape, by the scraping thread
     * @param halvings returns how often the limit was lowered; called for each scrape, by the scraping thread
     */
    public static void register(
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
