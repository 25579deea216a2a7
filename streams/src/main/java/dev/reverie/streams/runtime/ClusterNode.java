package dev.reverie.streams.runtime;

import com.typesafe.config.Config;
import dev.reverie.actors.cluster.ClusterConfiguration;
import dev.reverie.actors.cluster.ClusterSettings;
import java.util.Map;

/**
 * How a service takes part in a cluster.
 *
 * @param version version of the program, for example {@code 0.1.0}
 * @param agreement settings that must be the same on every node, by key
 */
public record ClusterNode(ClusterSettings settings, String version, Map<String, String> agreement) {

    public ClusterNode {
        agreement = Map.copyOf(agreement);
    }

    Config configuration() {
        return ClusterConfiguration.of(settings, version, agreement);
    }
}
