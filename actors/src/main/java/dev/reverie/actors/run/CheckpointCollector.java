package dev.reverie.actors.run;

import dev.reverie.actors.Asks;
import dev.reverie.actors.checkpoint.RunCheckpoint;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassImages;
import dev.reverie.actors.classes.ClassRef;
import dev.reverie.actors.classes.ClassSnapshot;
import dev.reverie.actors.schedule.EpochSampler;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.worker.RetryingWorker;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.trajectory.StudentLearningRate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.Scheduler;

/** Collects the state of a run from its classes and its worker, between two loops. Thread safe. */
final class CheckpointCollector {

    private final RetryingWorker worker;
    private final Scheduler scheduler;
    private final int pool;

    /**
     * Creates a collector for one run.
     *
     * @param pool number of networks that the worker's engine holds
     */
    CheckpointCollector(RetryingWorker worker, Scheduler scheduler, int pool) {
        this.worker = worker;
        this.scheduler = scheduler;
        this.pool = pool;
    }

    CompletionStage<List<ClassSnapshot>> snapshots(List<ClassRef> classes) {
        return Asks.all(classes.stream()
                .map(one -> one.<ClassSnapshot>ask(ClassActor.TakeSnapshot::new, scheduler))
                .toList());
    }

    /**
     * Assembles the checkpoint of the run.
     *
     * @param iterations number of outer iterations, from the first, whose networks the run can continue to use
     */
    CompletionStage<RunCheckpoint> checkpoint(
            RunPlan.Storage storage,
            LoopPosition position,
            EpochSampler.Cursor cursor,
            List<ClassRef> classes,
            List<ClassImages> joined,
            int iterations,
            Optional<StudentLearningRate> studentRate) {
        return snapshots(classes)
                .thenCombine(
                        networks(position, iterations),
                        (snapshots, networks) -> new RunCheckpoint(
                                storage.fingerprint(), position, cursor, snapshots, joined, networks, studentRate));
    }

    /**
     * Copies the networks with which the next loop continues. If that loop begins an outer iteration, a new network
     * will replace the oldest one of a full pool, so the oldest one is left out.
     */
    private CompletionStage<List<NetworkState>> networks(LoopPosition position, int iterations) {
        return worker.exportNetworks().thenApply(answer -> switch (answer) {
            case WorkerReply.Completed<List<NetworkState>>(var all, var seconds) -> {
                List<NetworkState> networks = all.stream()
                        .filter(state -> state.network().outer() < iterations)
                        .toList();
                boolean beginsIteration =
                        networks.stream().allMatch(state -> state.network().outer() < position.outer());
                int limit = beginsIteration ? pool - 1 : pool;
                yield networks.subList(Math.max(0, networks.size() - limit), networks.size());
            }
            case WorkerReply.Failed<List<NetworkState>> failed -> List.of();
        });
    }
}
