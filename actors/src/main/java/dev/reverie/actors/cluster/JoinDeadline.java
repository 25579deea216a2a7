package dev.reverie.actors.cluster;

import java.time.Duration;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.Cluster;

/**
 * Ends a node that does not become part of a working cluster in time, so that whatever runs it starts it again. Pekko
 * gives up only before a node has joined. A first seed that does not reach the others founds a cluster of its own,
 * which never works without a majority, and would otherwise stay in it when it reaches the others again.
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
