package dev.reverie.streams.service;

import dev.reverie.actors.telemetry.ClassMoves;
import java.util.concurrent.CompletionStage;

/** The cluster as one of its nodes sees it. Another node may see it differently for a few seconds. Thread safe. */
public interface ClusterView {

    /** Returns the address of this node, {@code host:port}. */
    String node();

    /** Returns the number of nodes that the cluster is configured for. */
    int configured();

    /** Returns the number of nodes in the cluster, reachable or not. */
    int members();

    /** Returns the number of nodes in the cluster that this node cannot reach. */
    int unreachable();

    /** Returns how many classes live on this node, and how many have come and gone. */
    ClassMoves moves();

    /** Returns the nodes and what lives on each of them. Completes even if other nodes do not answer. */
    CompletionStage<ClusterStatus> status();
}
