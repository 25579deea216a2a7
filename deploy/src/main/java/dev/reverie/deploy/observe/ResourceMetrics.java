package dev.reverie.deploy.observe;

import com.sun.management.OperatingSystemMXBean;
import dev.reverie.monitoring.MetricRegistrar;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.commons.io.function.IOLongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metrics for resources outside the heap: the memory of the container or machine, and the disk space of the store.
 */
final class ResourceMetrics {

    private static final Logger LOG = LoggerFactory.getLogger(ResourceMetrics.class);

    private ResourceMetrics() {}

    /** Registers the limit of the memory that this process can use for its heap and for native memory. */
    static void ofProcess(MetricRegistrar registrar) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        registrar.measured(
                "reverie_process_memory_limit_bytes",
                "Memory of the container in which the process runs, or of the machine if there is no container.",
                system::getTotalMemorySize);
    }

    /**
     * Registers the size of a store folder and the free space on its disk. Each scrape reads the sizes of all files in
     * the folder.
     */
    static void ofStore(MetricRegistrar registrar, Path folder) {
        registrar.measured(
                "reverie_store_file_bytes",
                "Size of the files of the store, including the overhead of the database. Missing if the store is in"
                        + " PostgreSQL.",
                gauge -> measure(gauge, () -> size(folder)));
        registrar.measured(
                "reverie_store_free_bytes",
                "Free space on the disk of the store. Missing if the store is in PostgreSQL.",
                gauge -> measure(gauge, () -> Files.getFileStore(folder).getUsableSpace()));
    }

    /** Returns the total size of the files in a folder. A file that is deleted in the meantime counts as empty. */
    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    /** Sets a metric, or omits it if it cannot be measured, so that the other metrics are still served. */
    private static void measure(GaugeWithCallback.Callback gauge, IOLongSupplier measurement) {
        try {
            gauge.call((double) measurement.getAsLong());
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("Cannot measure the folder of the store", e);
        }
    }
}
