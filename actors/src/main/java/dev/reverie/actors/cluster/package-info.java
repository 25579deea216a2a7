/**
 * One service on several processes, the nodes of a Pekko cluster, which share a database. Every node has an intake. The
 * intake reaches the registry and the classes through {@link dev.reverie.actors.cluster.ClusterClasses}: the
 * {@code Registrar}, a Cluster Singleton, owns the registry, and Cluster Sharding runs one {@code ClassEntity} for each
 * class on one of the nodes. On every node, a {@code RegistryProxy} and one {@code ClassProxy} for each class stand in
 * for them: they pass messages on, and notice when nobody answers.
 */
@NullMarked
package dev.reverie.actors.cluster;

import org.jspecify.annotations.NullMarked;
