package dev.reverie.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The configuration of Pekko for a node")
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClusterConfigurationTest {

    private static final Map<String, String> AGREEMENT = Map.of("reverie.learning.method", "dm");

    private final int first = TestNode.freePort();

    @Test
    @DisplayName("has only keys that Pekko knows")
    void knownKeys() {
        ClusterTls files = new ClusterTls(Path.of("c"), Path.of("k"), Path.of("a"));
        Config own = ClusterConfiguration.of(
                new ClusterSettings("node-0", 17355, List.of("node-0:17355"), 3, Optional.of(files)), "1", AGREEMENT);
        Config known = ConfigFactory.load();

        assertThat(own.entrySet())
                .map(Map.Entry::getKey)
                .filteredOn(key -> !key.equals(AgreementCheck.KEY)
                        && !key.endsWith("checkers.reverie")
                        && !key.contains("reason-overrides"))
                .hasSizeGreaterThan(20)
                .allSatisfy(key -> assertThat(known.hasPathOrNull(key)).as(key).isTrue());
    }

    @Test
    @DisplayName("waits for a majority, listens on all addresses except on loopback, and encrypts if there are files")
    void values() {
        Config alone = ClusterConfiguration.of(TestNode.settings(1, 2, 5, Optional.empty()), "1", AGREEMENT);
        Config remote = ClusterConfiguration.of(
                new ClusterSettings(
                        "node-0",
                        17355,
                        List.of("node-0:17355"),
                        3,
                        Optional.of(new ClusterTls(Path.of("c"), Path.of("k"), Path.of("a")))),
                "1",
                AGREEMENT);

        assertThat(alone.getInt("pekko.cluster.min-nr-of-members")).isEqualTo(3);
        assertThat(alone.getStringList("pekko.cluster.seed-nodes")).containsExactly("pekko://reverie@127.0.0.1:2");
        assertThat(alone.hasPath("pekko.remote.artery.bind.hostname")).isFalse();
        assertThat(alone.getString("pekko.remote.artery.transport")).isEqualTo("tcp");
        assertThat(remote.getString("pekko.remote.artery.bind.hostname")).isEqualTo("0.0.0.0");
        assertThat(remote.getString("pekko.remote.artery.transport")).isEqualTo("tls-tcp");
    }

    @Test
    @DisplayName("lets two of three nodes form a cluster, and a node that stops leave it")
    void joinAndLeave() {
        try (TestNode one = start(first, 3, Optional.empty())) {
            TestNode two = start(TestNode.freePort(), 3, Optional.empty());
            one.awaitUp();
            two.awaitUp();
            TestProbe<ClusterEvent.MemberRemoved> removals = TestProbe.create(one.system());
            one.cluster().subscriptions().tell(Subscribe.create(removals.ref(), ClusterEvent.MemberRemoved.class));

            two.close();

            assertThat(removals.receiveMessage(Duration.ofSeconds(30)).previousStatus())
                    .isEqualTo(MemberStatus.exiting());
        }
    }

    @Nested
    @DisplayName("with TLS")
    class Tls {

        private final Path folder;
        private final Optional<ClusterTls> files;
        private TestNode one;
        private TestNode two;

        Tls(@TempDir Path folder) {
            this.folder = folder;
            files = Optional.of(NodeCertificate.in(folder, "ours").files());
            one = start(first, 3, files);
            two = start(TestNode.freePort(), 3, files);
        }

        @BeforeEach
        void join() {
            one.awaitUp();
            two.awaitUp();
        }

        @AfterEach
        void stop() {
            two.close();
            one.close();
        }

        @Test
        @DisplayName("keeps out a node whose certificate another authority has issued, which ends by itself")
        void foreignCertificate() {
            requireKeptOut(start(
                    TestNode.freePort(),
                    3,
                    Optional.of(NodeCertificate.in(folder, "foreign").files())));
        }

        @Test
        @DisplayName("keeps out a node without TLS, which ends by itself")
        void withoutTls() {
            requireKeptOut(start(TestNode.freePort(), 3, Optional.empty()));
        }

        @Test
        @DisplayName("keeps out a node that learns by another method, or that expects another number of nodes")
        void otherSettings() {
            requireKeptOut(TestNode.start(
                    TestNode.settings(TestNode.freePort(), first, 3, files), Map.of("reverie.learning.method", "idc")));
            requireKeptOut(start(TestNode.freePort(), 4, files));
        }

        @Test
        @DisplayName("admits a node of another version, with a setting that the others do not know")
        void anotherVersion() {
            Map<String, String> more = Map.of("reverie.learning.method", "dm", "reverie.learning.new", "1");

            TestNode.start(TestNode.settings(TestNode.freePort(), first, 3, files), more)
                    .awaitUp()
                    .close();
        }

        private void requireKeptOut(TestNode node) {
            node.ended().toCompletableFuture().join();
            assertThat(one.cluster().state().getMembers()).hasSize(2);
        }
    }

    private TestNode start(int port, int members, Optional<ClusterTls> tls) {
        return TestNode.start(TestNode.settings(port, first, members, tls), AGREEMENT);
    }
}
