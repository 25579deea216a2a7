package dev.reverie.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.FreePorts;
import dev.reverie.actors.cluster.ClusterSettings.ClusterTls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Subscribe;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The configuration of Pekko for a node")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ClusterConfigurationTest {

    private static final Map<String, String> AGREEMENT = Map.of("reverie.learning.method", "dm");

    private final int first = FreePorts.next();

    @Test
    @DisplayName("has only keys that Pekko knows")
    void knownKeys() {
        Config known = ConfigFactory.load();

        assertThat(remote().entrySet())
                .map(Map.Entry::getKey)
                .filteredOn(key -> !key.equals(AgreementCheck.KEY)
                        && !key.endsWith("checkers.reverie")
                        && !key.contains("reason-overrides"))
                .hasSizeGreaterThan(20)
                .allSatisfy(key -> assertThat(known.hasPathOrNull(key)).as(key).isTrue());
    }

    @Test
    @DisplayName("waits for a majority of the nodes")
    void majority() {
        assertThat(alone().getInt("pekko.cluster.min-nr-of-members")).isEqualTo(3);
    }

    @Test
    @DisplayName("waits longer for the other seeds on the first one, which founds the cluster")
    void seeds() {
        assertThat(remote().getDuration("pekko.cluster.seed-node-timeout")).isEqualTo(Duration.ofSeconds(60));
        assertThat(alone().hasPath("pekko.cluster.seed-node-timeout")).isFalse();
        assertThat(alone().getStringList("pekko.cluster.seed-nodes")).containsExactly("pekko://reverie@127.0.0.1:2");
    }

    @Test
    @DisplayName("listens on all addresses, except on loopback, or on the address that is set")
    void addresses() {
        assertThat(remote().getString("pekko.remote.artery.bind.hostname")).isEqualTo("0.0.0.0");
        assertThat(alone().hasPath("pekko.remote.artery.bind.hostname")).isFalse();
        assertThat(remote(Optional.of("10.0.0.7")).getString("pekko.remote.artery.bind.hostname"))
                .isEqualTo("10.0.0.7");
    }

    @Test
    @DisplayName("encrypts if there are files for TLS")
    void encryption() {
        assertThat(remote().getString("pekko.remote.artery.transport")).isEqualTo("tls-tcp");
        assertThat(alone().getString("pekko.remote.artery.transport")).isEqualTo("tcp");
    }

    /** A node on loopback that is not the first seed and has no files for TLS. */
    private static Config alone() {
        return ClusterConfiguration.of(TestNode.settings(1, 2, 5, Optional.empty()), "1", AGREEMENT);
    }

    /** The first seed, on a machine of its own, with files for TLS. */
    private static Config remote() {
        return remote(Optional.empty());
    }

    private static Config remote(Optional<String> bindHost) {
        ClusterTls files = new ClusterTls(Path.of("c"), Path.of("k"), Path.of("a"));
        return ClusterConfiguration.of(
                new ClusterSettings("node-0", 17355, bindHost, List.of("node-0:17355"), 3, Optional.of(files)),
                "1",
                AGREEMENT);
    }

    @Test
    @DisplayName("lets two of three nodes form a cluster, and a node that stops leave it")
    void joinAndLeave() {
        try (TestNode one = start(first, 3, Optional.empty());
                TestNode two = start(FreePorts.next(), 3, Optional.empty())) {
            one.awaitUp();
            two.awaitUp();
            TestProbe<ClusterEvent.MemberRemoved> removals = TestProbe.create(one.system());
            one.cluster().subscriptions().tell(Subscribe.create(removals.ref(), ClusterEvent.MemberRemoved.class));

            two.close();

            assertThat(removals.receiveMessage(Duration.ofSeconds(60)).previousStatus())
                    .isEqualTo(MemberStatus.exiting());
        }
    }

    private TestNode start(int port, int members, Optional<ClusterTls> tls) {
        return TestNode.start(TestNode.settings(port, first, members, tls), AGREEMENT);
    }
}
