package dev.reverie.actors.cluster;

import dev.reverie.actors.evaluation.EvaluationActor;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
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
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.SingletonActor;

/**
 * The evaluation of the memory of a cluster: a Cluster Singleton, which runs on one node and begins again on another
 * when that node ends. All nodes report its results.
 */
public final class EvaluationSingleton {

    private static final Key<LWWRegister<ReplicatedEvaluation>> KEY = LWWRegisterKey.create("evaluation");
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private EvaluationSingleton() {}

    /**
     * Makes a node able to evaluate the memory, and lets it report the evaluations of all nodes.
     *
     * @param plan how this node evaluates, with the listeners of this node. {@link TelemetryEvent.EvaluationFailed} is
     *     reported only on this node; warnings also reach the other nodes.
     */
    public static void start(ActorContext<?> context, EvaluationActor.Plan plan) {
        ActorSystem<?> system = context.getSystem();
        context.spawn(EvaluationReporter.create(plan.telemetry()), "evaluation-reporter");
        ClusterSingleton.get(system)
                .init(SingletonActor.of(
                                EvaluationActor.create(plan.reportingTo(publisher(system, plan.telemetry()))),
                                "evaluation")
                        .withStopMessage(new EvaluationActor.Stop()));
    }

    private static TelemetryListener publisher(ActorSystem<?> system, TelemetryListener local) {
        return event -> {
            if (event instanceof TelemetryEvent.MemoryEvaluated evaluated) {
                publish(system, ReplicatedEvaluation.of(evaluated));
            } else {
                local.on(event);
            }
        };
    }

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
                    LWWRegister<ReplicatedEvaluation> register = RegistryView.registerIn(response, KEY);
                    return message.apply(
                            register.getValue(), register.updatedBy().equals(node.uniqueAddress()));
                });
    }

    /** Publishes an evaluation to all nodes. Nodes that are unreachable now get it later. Thread safe. */
    private static void publish(ActorSystem<?> system, ReplicatedEvaluation evaluation) {
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
