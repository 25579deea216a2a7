package dev.reverie.actors.cluster;

import java.time.Duration;
import java.util.function.BiFunction;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.cluster.ddata.Key;
import org.apache.pekko.cluster.ddata.LWWRegister;
import org.apache.pekko.cluster.ddata.LWWRegisterKey;
import org.apache.pekko.cluster.ddata.SelfUniqueAddress;
import org.apache.pekko.cluster.ddata.typed.javadsl.DistributedData;
import org.apache.pekko.cluster.ddata.typed.javadsl.Replicator;
import org.apache.pekko.cluster.ddata.typed.javadsl.ReplicatorMessageAdapter;

/** Replicates the last evaluation to every node of a cluster, also to one that joins later. */
final class EvaluationReplication {

    private static final Key<LWWRegister<ReplicatedEvaluation>> KEY = LWWRegisterKey.create("evaluation");
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private EvaluationReplication() {}

    /**
     * Sends an actor the last evaluation as soon as the node has one, and every later one.
     *
     * @param message creates the message from the evaluation and whether this node has published it
     */
    static <M> void subscribe(ActorContext<M> context, BiFunction<ReplicatedEvaluation, Boolean, M> message) {
        DistributedData data = DistributedData.get(context.getSystem());
        SelfUniqueAddress node = data.selfUniqueAddress();
        new ReplicatorMessageAdapter<M, LWWRegister<ReplicatedEvaluation>>(context, data.replicator(), TIMEOUT)
                .subscribe(KEY, response -> {
                    LWWRegister<ReplicatedEvaluation> register = registerIn(response);
                    return message.apply(
                            register.getValue(), register.updatedBy().equals(node.uniqueAddress()));
                });
    }

    private static LWWRegister<ReplicatedEvaluation> registerIn(
            Replicator.SubscribeResponse<LWWRegister<ReplicatedEvaluation>> response) {
        if (response instanceof Replicator.Changed<LWWRegister<ReplicatedEvaluation>> changed) {
            return changed.get(KEY);
        }
        throw new IllegalStateException("the evaluation of a cluster is never deleted: " + response);
    }

    /** Publishes an evaluation to all nodes. Nodes that are unreachable now get it later. Thread safe. */
    static void publish(ActorSystem<?> system, ReplicatedEvaluation evaluation) {
        DistributedData data = DistributedData.get(system);
        SelfUniqueAddress node = data.selfUniqueAddress();
        data.replicator()
                .tell(new Replicator.Update<>(
                        KEY,
                        LWWRegister.create(node, evaluation),
                        new Replicator.WriteAll(TIMEOUT),
                        system.ignoreRef(),
                        last -> last.withValue(node, evaluation)));
    }
}
