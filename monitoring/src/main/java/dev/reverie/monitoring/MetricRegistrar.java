package dev.reverie.monitoring;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/** Registers metrics in a registry that has none of these names yet. */
public record MetricRegistrar(PrometheusRegistry registry) {

    public Counter counter(String name, String help, String... labels) {
        return Counter.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    public Gauge gauge(String name, String help, String... labels) {
        return Gauge.builder().name(name).help(help).labelNames(labels).register(registry);
    }

    /**
     * Registers a histogram of durations.
     *
     * @param name name without the unit
     * @param bounds upper bounds of the buckets, in seconds
     */
    public Histogram seconds(String name, String help, double[] bounds, String... labels) {
        return Histogram.builder()
                .name(name)
                .unit(Unit.SECONDS)
                .help(help)
                .labelNames(labels)
                .classicUpperBounds(bounds)
                .register(registry);
    }

    /** Registers a counter whose value is read at each scrape, so reading it must be quick. */
    public void counted(String name, String help, DoubleSupplier value) {
        counted(name, help, counter -> counter.call(value.getAsDouble()));
    }

    /** Registers a counter that is read at each scrape and may have no value. */
    public void counted(String name, String help, Consumer<CounterWithCallback.Callback> read) {
        CounterWithCallback.builder().name(name).help(help).callback(read).register(registry);
    }

    /** Registers a gauge whose value is read at each scrape, so reading it must be quick. */
    public void measured(String name, String help, DoubleSupplier value) {
        measured(name, help, gauge -> gauge.call(value.getAsDouble()));
    }

    /**
     * Registers a gauge with any number of series, all of which are read at each scrape.
     *
     * @param read is given what receives the value of each series and the values of its labels
     */
    public void measured(String name, String help, Consumer<GaugeWithCallback.Callback> read, String... labels) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .callback(read)
                .register(registry);
    }
}
