package dev.reverie.actors.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.reverie.actors.FreePorts;
import dev.reverie.actors.cluster.ClusterSettings.ClusterTls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A cluster of two nodes with TLS")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ClusterAdmissionIT {

    private static final Map<String, String> AGREEMENT = Map.of("reverie.learning.method", "dm");
    private static final Duration BRIEFLY = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int MEMBERS = 3;
    private static final int FIRST = FreePorts.next();

    @TempDir
    private static Path folder = Path.of("");

    private static Optional<ClusterTls> ours = Optional.empty();
    private static TestNode one;
    private static TestNode two;

    @BeforeAll
    static void join() {
        ours = Optional.of(NodeCertificate.in(folder, "ours").files());
        one = start(FIRST, MEMBERS, ours, AGREEMENT);
        two = start(FreePorts.next(), MEMBERS, ours, AGREEMENT);
        one.awaitUp();
        two.awaitUp();
    }

    @AfterAll
    static void stop() {
        two.close();
        one.close();
    }

    @Test
    @DisplayName("keeps out a node whose certificate another authority has issued, which ends by itself")
    void foreignCertificate() {
        Optional<ClusterTls> foreign =
                Optional.of(NodeCertificate.in(folder, "foreign").files());

        requireKeptOut(MEMBERS, foreign, AGREEMENT, CoordinatedShutdown.clusterJoinUnsuccessfulReason());
    }

    @Test
    @DisplayName("keeps out a node without TLS, which ends by itself")
    void withoutTls() {
        requireKeptOut(MEMBERS, Optional.empty(), AGREEMENT, CoordinatedShutdown.clusterJoinUnsuccessfulReason());
    }

    @Test
    @DisplayName("keeps out a node that learns by another method, or that expects another number of nodes")
    void otherSettings() {
        CoordinatedShutdown.Reason incompatible = CoordinatedShutdown.incompatibleConfigurationDetectedReason();
        requireKeptOut(MEMBERS, ours, Map.of("reverie.learning.method", "idc"), incompatible);
        requireKeptOut(MEMBERS + 1, ours, AGREEMENT, incompatible);
    }

    @Test
    @DisplayName("admits a node of another version, with a setting that the others do not know")
    void anotherVersion() {
        Map<String, String> more = Map.of("reverie.learning.method", "dm", "reverie.learning.new", "1");
        Config later = ConfigFactory.parseMap(Map.of("pekko.cluster.app-version", "0.2.0"));

        try (TestNode newer = TestNode.start(TestNode.settings(FreePorts.next(), FIRST, MEMBERS, ours), more, later)) {
            newer.awaitUp();

            assertThat(newer.cluster().selfMember().appVersion())
                    .isNotEqualTo(one.cluster().selfMember().appVersion());
        }
    }

    @Test
    @DisplayName("is not founded by a first seed that meets no other node, which ends by itself")
    void aloneFirstSeed() {
        int port = FreePorts.next();
        try (TestNode alone =
                TestNode.start(TestNode.settings(port, port, MEMBERS, Optional.empty()), AGREEMENT, BRIEFLY)) {
            JoinDeadline.start(alone.system());

            assertThat(alone.ended().toCompletableFuture()).succeedsWithin(PATIENCE);
        }
    }

    /** Starts a node that soon gives up joining, and requires that it is no member and ends for the reason. */
    private static void requireKeptOut(
            int members, Optional<ClusterTls> tls, Map<String, String> agreement, CoordinatedShutdown.Reason reason) {
        ClusterSettings settings = TestNode.settings(FreePorts.next(), FIRST, members, tls);
        try (TestNode node = TestNode.start(settings, agreement, BRIEFLY)) {
            assertThat(node.ended().toCompletableFuture()).succeedsWithin(PATIENCE);
            assertThat(CoordinatedShutdown.get(node.system()).getShutdownReason())
                    .contains(reason);
            assertThat(one.cluster().state().getMembers())
                    .map(member -> member.address().hostPort())
                    .hasSizeGreaterThan(1)
                    .noneMatch(address -> address.endsWith("@" + node.address()));
        }
    }

    private static TestNode start(int port, int members, Optional<ClusterTls> tls, Map<String, String> agreement) {
        return TestNode.start(TestNode.settings(port, FIRST, members, tls), agreement);
    }
}
