package dev.reverie.deploy.client;

import dev.reverie.actors.telemetry.ClassMoves;
import dev.reverie.streams.service.ClusterView;
import dev.reverie.streams.service.ClusterView.ClusterStatus;
import dev.reverie.streams.service.ClusterView.ClusterStatus.Member;
import dev.reverie.streams.service.ClusterView.ClusterStatus.State;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A cluster of three nodes, one of which does not answer, as the first of them sees it. */
public record ThreeNodes() implements ClusterView {

    @Override
    public String node() {
        return "node-0:17355";
    }

    @Override
    public int configured() {
        return 3;
    }

    @Override
    public int members() {
        return 3;
    }

    @Override
    public int unreachable() {
        return 1;
    }

    @Override
    public ClassMoves moves() {
        return new ClassMoves(1200, 1300, 90, 10);
    }

    @Override
    public CompletionStage<ClusterStatus> status() {
        return CompletableFuture.completedStage(new ClusterStatus(
                List.of(
                        new Member(Optional.of("node-0:17355"), State.UP, OptionalInt.of(1200), true),
                        new Member(Optional.of("node-1:17355"), State.WEAKLY_UP, OptionalInt.of(0), false),
                        new Member(Optional.of("node-2:17355"), State.UP, OptionalInt.empty(), false)),
                List.of("node-2:17355"),
                Map.of("node-0:17355", 1000)));
    }
}
