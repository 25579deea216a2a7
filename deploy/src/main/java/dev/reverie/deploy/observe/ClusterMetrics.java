package dev.reverie.deploy.observe;

import dev.reverie.monitoring.MetricRegistrar;
import dev.reverie.streams.service.ClusterView;
import java.util.function.DoubleSupplier;

/** The metrics of a node of a cluster. A service that is a single process has none of them. */
record ClusterMetrics(MetricRegistrar registrar) {

    /** Registers the numbers of nodes, as this one sees them, and of classes that live on this one. */
    void register(ClusterView nodes) {
        measured("configured_members", "Number of nodes that the cluster is configured for.", nodes::configured);
        measured(
                "members", "Number of nodes in the cluster, reachable or not, as this node sees them.", nodes::members);
        measured(
                "unreachable_members",
                "Number of nodes in the cluster that this node cannot reach. After about ten seconds, the majority"
                        + " removes them from the cluster.",
                nodes::unreachable);
        measured("local_classes", "Number of classes that live on this node.", () -> nodes.moves()
                .present());
        counted("class_arrivals_total", "How often a class has started on this node.", () -> nodes.moves()
                .arrived());
        counted(
                "class_handovers_total",
                "How often this node has handed a class over to another node.",
                () -> nodes.moves().handedOver());
        counted(
                "refused_writes_total",
                "How often the store has refused a write of a class on this node, because another node had taken the"
                        + " class over.",
                () -> nodes.moves().fenced());
    }

    private void measured(String name, String help, DoubleSupplier value) {
        registrar.measured("reverie_cluster_" + name, orMissing(help), value);
    }

    private void counted(String name, String help, DoubleSupplier value) {
        registrar.counted("reverie_cluster_" + name, orMissing(help), value);
    }

    private static String orMissing(String help) {
        return help + " Missing if the service is a single process.";
    }
}
