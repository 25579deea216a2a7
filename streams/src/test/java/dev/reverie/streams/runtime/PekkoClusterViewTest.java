package dev.reverie.streams.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.reverie.actors.FreePorts;
import dev.reverie.actors.cluster.ClusterSettings;
import dev.reverie.actors.cluster.Placement;
import dev.reverie.actors.cluster.TestNode;
import dev.reverie.actors.telemetry.ClassMoves;
import dev.reverie.streams.service.ClusterView.ClusterStatus;
import dev.reverie.streams.service.ClusterView.ClusterStatus.Member;
import dev.reverie.streams.service.ClusterView.ClusterStatus.State;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.cluster.typed.Cluster;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@DisplayName("The view of a Pekko cluster")
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PekkoClusterViewTest {

    private static final ClassMoves MOVES = new ClassMoves(3, 5, 1, 1);

    private final ClusterSettings first = settings(FreePorts.next(), Optional.empty());
    private final ClusterSettings second = settings(FreePorts.next(), Optional.of(first.port()));
    private final TestNode one = TestNode.start(first, Map.of());
    private final TestNode two = TestNode.start(second, Map.of());

    private static ClusterSettings settings(int port, Optional<Integer> seed) {
        return TestNode.settings(port, seed.orElse(port), 2, Optional.empty());
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
    @DisplayName("shows the nodes with their states, the leader, and what lives on them")
    void nodes() {
        PekkoClusterView view = new PekkoClusterView(
                Cluster.get(one.system()),
                first.members(),
                () -> CompletableFuture.completedStage(
                        new Placement(Map.of(first.address(), 3), Map.of(first.address(), 2))),
                () -> MOVES);

        ClusterStatus seen = view.status().toCompletableFuture().join();

        assertThat(view.node()).isEqualTo(first.address());
        assertThat(view.members()).isEqualTo(2);
        assertThat(view.configured()).isEqualTo(2);
        assertThat(view.unreachable()).isZero();
        assertThat(view.moves()).isEqualTo(MOVES);
        assertThat(seen.unreachable()).isEmpty();
        assertThat(seen.shards()).isEqualTo(Map.of(first.address(), 2));
        assertThat(seen.members()).map(Member::state).containsOnly(State.UP);
        assertThat(seen.members()).filteredOn(Member::leader).hasSize(1);
        assertThat(seen.members())
                .extracting(member -> member.address().orElseThrow(), Member::classes)
                .containsExactlyInAnyOrder(
                        tuple(first.address(), OptionalInt.of(3)), tuple(second.address(), OptionalInt.empty()));
    }

    @Test
    @DisplayName("shows the nodes even if nobody knows what lives on them")
    void unknownPlacement() {
        PekkoClusterView view = new PekkoClusterView(
                Cluster.get(one.system()),
                2,
                () -> CompletableFuture.failedStage(new IllegalStateException("no answer")),
                () -> MOVES);

        ClusterStatus seen = view.status().toCompletableFuture().join();

        assertThat(seen.members()).hasSize(2).allMatch(member -> member.classes()
                .isEmpty());
        assertThat(seen.shards()).isEmpty();
    }
}
