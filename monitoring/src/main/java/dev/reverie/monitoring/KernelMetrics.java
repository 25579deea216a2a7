package dev.reverie.monitoring;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.Map;
import java.util.function.Supplier;

/** The metric for the time spent in compute kernels. */
public final class KernelMetrics {

    private KernelMetrics() {}

    /**
     * Registers the time spent in kernels.
     *
     * @param seconds returns the total time so far, by the name of the kernel; called at each scrape
     */
    public static void register(PrometheusRegistry registry, Supplier<Map<String, Double>> seconds) {
        CounterWithCallback.builder()
                .name("reverie_kernel_seconds_total")
                .unit(Unit.SECONDS)
                .help(
                        "Time spent in the calls of each kind of kernel, summed over all cores. On a GPU, only the time to start the kernels.")
                .labelNames("kernel")
                .callback(counter -> seconds.get().forEach((kernel, spent) -> counter.call(spent, kernel)))
                .register(registry);
    }
}
