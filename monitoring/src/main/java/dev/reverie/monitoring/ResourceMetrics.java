package dev.reverie.monitoring;

import com.sun.management.OperatingSystemMXBean;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Metrics of how much room there is beyond the heap: memory, and the disk that a store is on. */
public final class ResourceMetrics {

    private static final Logger LOG = LoggerFactory.getLogger(ResourceMetrics.class);

    private ResourceMetrics() {}

    /** Registers how much memory this process may take, inside the heap and outside. */
    public static void ofProcess(PrometheusRegistry registry) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        gauge(
                registry,
                "reverie_process_memory_limit_bytes",
                "Memory of the container that the process is in, or else of the machine.",
                gauge -> gauge.call((double) system.getTotalMemorySize()));
    }

    /** Registers what is in a folder, and what may still go there. Looks at the files at each scrape. */
    public static void ofStore(PrometheusRegistry registry, Path folder) {
        gauge(
                registry,
                "reverie_store_file_bytes",
                "Files of the store, with what the database adds.",
                gauge -> measure(gauge, () -> size(folder)));
        gauge(
                registry,
                "reverie_store_free_bytes",
                "What the disk that the store is on has left for it.",
                gauge -> measure(gauge, () -> Files.getFileStore(folder).getUsableSpace()));
    }

    /** Files come and go meanwhile; one that has gone has no length. */
    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private interface Measurement {

        long take() throws IOException;
    }

    /** What cannot be measured is left out, so that the other metrics are still served. */
    private static void measure(GaugeWithCallback.Callback gauge, Measurement measurement) {
        try {
            gauge.call((double) measurement.take());
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("the store's folder could not be measured", e);
        }
    }

    private static void gauge(
            PrometheusRegistry registry, String name, String help, Consumer<GaugeWithCallback.Callback> callback) {
        GaugeWithCallback.builder().name(name).help(help).callback(callback).register(registry);
    }
}
