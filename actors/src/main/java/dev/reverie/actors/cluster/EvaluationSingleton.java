package dev.reverie.actors.cluster;

import dev.reverie.actors.evaluation.EvaluationActor;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.SingletonActor;

/**
 * The evaluation of the memory of a cluster: a Cluster Singleton, which runs on one node and begins again on another
 * when that node ends. All nodes report its results.
 */
public final class EvaluationSingleton {

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
                EvaluationReplication.publish(system, ReplicatedEvaluation.of(evaluated));
            } else {
                local.on(event);
            }
        };
    }
}
