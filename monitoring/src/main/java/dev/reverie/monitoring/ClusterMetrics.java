package dev.reverie.monitoring;

import dev.reverie.actors.telemetry.ClassMoves;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** The metrics of a node of a cluster. Each scrape calls the suppliers, so they must return quickly. */
public final class ClusterMetrics {

    private static final String MISSING = " Missing if the service is a single process.";

    private ClusterMetrics() {}

    /**
     * Registers the numbers of nodes, as this one sees them, and of classes that live on this one.
     *
     * @param configured number of nodes that the cluster is configured for
     * @param members number of nodes in the cluster, reachable or not
     * @param unreachable number of nodes in the cluster that this one cannot reach
     * @param moves classes that live on this node, and those that have come and gone
     */
    public static void register(
            PrometheusRegistry registry,
            int configured,
            IntSupplier members,
            IntSupplier unreachable,
            Supplier<ClassMoves> moves) {
        MetricRegistrar cluster = new MetricRegistrar(registry);
        cluster.measured(
                "reverie_cluster_configured_members",
                "Number of nodes that the cluster is configured for." + MISSING,
                () -> configured);
        cluster.measured(
                "reverie_cluster_members",
                "Number of nodes in the cluster, reachable or not, as this node sees them." + MISSING,
                members::getAsInt);
        cluster.measured(
                "reverie_cluster_unreachable_members",
                "Number of nodes in the cluster that this node cannot reach. After about ten seconds, the majority"
                        + " removes them from the cluster." + MISSING,
                unreachable::getAsInt);
        cluster.measured(
                "reverie_cluster_local_classes",
                "Number of classes that live on this node." + MISSING,
                () -> moves.get().present());
        cluster.counted(
                "reverie_cluster_class_arrivals_total",
                "How often a class has started on this node." + MISSING,
                () -> moves.get().arrived());
        cluster.counted(
                "reverie_cluster_class_handovers_total",
                "How often this node has handed a class over to another node." + MISSING,
                () -> moves.get().handedOver());
        cluster.counted(
                "reverie_cluster_refused_writes_total",
                "How often the store has refused a write of a class on this node, because another node had taken the"
                        + " class over." + MISSING,
                () -> moves.get().fenced());
    }
}
