package dev.reverie.monitoring;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.IntSupplier;

/** The metrics of a node of a cluster. Each scrape calls the suppliers, so they must return quickly. */
public final class ClusterMetrics {

    private ClusterMetrics() {}

    /**
     * Registers the numbers of nodes, as this one sees them.
     *
     * @param configured number of nodes that the cluster is configured for
     * @param members number of nodes in the cluster, reachable or not
     * @param unreachable number of nodes in the cluster that this one cannot reach
     */
    public static void register(
            PrometheusRegistry registry, int configured, IntSupplier members, IntSupplier unreachable) {
        gauge(
                registry,
                "reverie_cluster_configured_members",
                "Number of nodes that the cluster is configured for. Missing if the service is a single process.",
                () -> configured);
        gauge(
                registry,
                "reverie_cluster_members",
                "Number of nodes in the cluster, reachable or not, as this node sees them. Missing if the service is a"
                        + " single process.",
                members);
        gauge(
                registry,
                "reverie_cluster_unreachable_members",
                "Number of nodes in the cluster that this node cannot reach. After about ten seconds, the majority"
                        + " removes them from the cluster. Missing if the service is a single process.",
                unreachable);
    }

    private static void gauge(PrometheusRegistry registry, String name, String help, IntSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(gauge -> gauge.call(value.getAsInt()))
                .register(registry);
    }
}
