package dev.reverie.actors.cluster;

import java.util.Map;
import org.apache.pekko.actor.Address;

/**
 * Where the classes of a cluster live. {@link ClusterClasses} assigns the classes to shards.
 *
 * @param classes number of classes on each node, by its address {@code host:port}; nodes that do not answer are left
 *     out
 * @param shards number of shards on each node, by its address; nodes without shards are left out as well
 */
public record Placement(Map<String, Integer> classes, Map<String, Integer> shards) {

    public Placement {
        classes = Map.copyOf(classes);
        shards = Map.copyOf(shards);
    }

    /** Returns the address {@code host:port} of a node. */
    public static String node(Address address) {
        return address.getHost().orElseThrow() + ":" + address.getPort().orElseThrow();
    }
}
