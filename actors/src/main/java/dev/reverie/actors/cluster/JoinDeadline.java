package dev.reverie.actors.cluster;

import java.time.Duration;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.Cluster;

/**
 * Stops a node that has not joined a majority of the nodes in time, so that its supervisor (systemd, Kubernetes) starts
 * it again. Pekko has such a deadline only for nodes that never join. A first seed that reaches no other node founds a
 * cluster of its own and joins that. Without a majority, this cluster never works, and the node would stay in it even
 * when it can reach the others again.
 */
final class JoinDeadline {

    private static final String LIMIT = "pekko.cluster.shutdown-after-unsuccessful-join-seed-nodes";

    private JoinDeadline() {}

    static void start(ActorSystem<?> system) {
        Duration limit = system.settings().config().getDuration(LIMIT);
        Cancellable ending = system.scheduler()
                .scheduleOnce(
                        limit,
                        () -> {
                            system.log()
                                    .error(
                                            "This node did not reach a majority of the nodes within {} s, so it stops. Check"
                                                    + " that the other nodes run, and that reverie.cluster.seeds and the"
                                                    + " ports are right on every node.",
                                            limit.toSeconds());
                            CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.clusterJoinUnsuccessfulReason());
                        },
                        system.executionContext());
        Cluster.get(Adapter.toClassic(system)).registerOnMemberUp(ending::cancel);
    }
}
