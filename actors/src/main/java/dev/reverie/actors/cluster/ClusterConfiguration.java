package dev.reverie.actors.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Configures Pekko for a node of a cluster. */
public final class ClusterConfiguration {

    /** Name of the actor system of every node: systems with different names do not join each other. */
    public static final String SYSTEM = "reverie";

    private static final String SEED_TIMEOUT = "pekko.cluster.seed-node-timeout";

    /**
     * Time for which the first seed waits for an answer of another seed before it founds a cluster; a system property
     * overrides it. It is longer than busy nodes take to answer, so that the first seed does not found a second cluster
     * beside theirs. The other nodes use Pekko's shorter time, and then ask again.
     */
    private static final Duration FOUNDING_DELAY = Duration.ofSeconds(60);

    private ClusterConfiguration() {}

    /**
     * Returns the settings of the actor system of a node, which take precedence over those for a single process. The
     * system must be named {@link #SYSTEM}. It ends by itself, and ends the process with exit status 1, when it has not
     * met more than half of the nodes within five minutes, when its settings contradict those of the cluster, and when
     * the majority of the nodes has removed it.
     *
     * @param version version of the program, for example {@code 0.1.0}; nodes with the newest version get classes first
     *     during a rolling upgrade
     * @param agreement settings that must be the same on every node, by key; a node may lack a key that others have,
     *     because another version of the program runs there
     */
    public static Config of(ClusterSettings settings, String version, Map<String, String> agreement) {
        Map<String, Object> values = new HashMap<>(Map.of(
                "pekko.remote.artery.canonical.hostname",
                settings.host(),
                "pekko.remote.artery.canonical.port",
                settings.port(),
                "pekko.cluster.seed-nodes",
                settings.seeds().stream()
                        .map(seed -> "pekko://" + SYSTEM + "@" + seed)
                        .toList(),
                "pekko.cluster.min-nr-of-members",
                settings.majority(),
                "pekko.cluster.app-version",
                version,
                AgreementCheck.KEY,
                AgreementCheck.text(agreement, settings.members())));
        boolean isFirst = settings.address().equals(settings.seeds().getFirst());
        if (isFirst && !ConfigFactory.defaultOverrides().hasPath(SEED_TIMEOUT)) {
            values.put(SEED_TIMEOUT, FOUNDING_DELAY);
        }
        bindHost(settings).ifPresent(host -> values.put("pekko.remote.artery.bind.hostname", host));
        settings.tls().ifPresent(tls -> {
            String engine = "pekko.remote.artery.ssl.rotating-keys-engine.";
            values.put("pekko.remote.artery.transport", "tls-tcp");
            values.put(engine + "cert-file", tls.certificate().toString());
            values.put(engine + "key-file", tls.key().toString());
            values.put(engine + "ca-cert-file", tls.authority().toString());
        });
        return ConfigFactory.parseMap(values).withFallback(ConfigFactory.parseResources("cluster.conf"));
    }

    /** Returns the host on which the node listens, if another one than that under which the other nodes reach it. */
    private static Optional<String> bindHost(ClusterSettings settings) {
        // the name of a node may not resolve yet while the node starts
        Optional<String> any = ClusterSettings.isLoopback(settings.host())
                ? Optional.empty()
                : Optional.of(ClusterSettings.ANY_ADDRESS);
        return settings.bindHost().or(() -> any);
    }
}
