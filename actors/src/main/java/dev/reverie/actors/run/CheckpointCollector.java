package dev.reverie.actors.run;

import dev.reverie.actors.Asks;
import dev.reverie.actors.checkpoint.Checkpoint;
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

/** Gathers the state of a run between two loops from those who own it. Thread safe. */
final class CheckpointCollector {

    private final RetryingWorker worker;
    private final Scheduler scheduler;
    private final int pool;

    /**
     * A collector.
     *
     * @param pool networks that the worker's engine holds at a time
     */
    CheckpointCollector(RetryingWorker worker, Scheduler scheduler, int pool) {
        this.worker = worker;
        this.scheduler = scheduler;
        this.pool = pool;
    }

    CompletionStage<List<ClassSnapshot>> classes(List<ClassRef> members) {
        return Asks.all(members.stream()
                .map(member -> member.<ClassSnapshot>ask(ClassActor.TakeSnapshot::new, scheduler))
                .toList());
    }

    /** All that a checkpoint holds. */
    CompletionStage<Checkpoint> checkpoint(
            RunPlan.Storage storage,
            LoopPosition position,
            EpochSampler.Cursor cursor,
            List<ClassRef> members,
            List<ClassImages> joined,
            Optional<StudentLearningRate> studentRate) {
        return classes(members)
                .thenCombine(
                        networks(position),
                        (classes, networks) -> new Checkpoint(
                                storage.configuration(), position, cursor, classes, joined, networks, studentRate));
    }

    /** Those that go on: a new outer iteration draws one of its own, in whose place the oldest of a full pool goes. */
    private CompletionStage<List<NetworkState>> networks(LoopPosition position) {
        return worker.exportNetworks().thenApply(answer -> switch (answer) {
            case WorkerReply.Completed<List<NetworkState>>(var networks, var seconds) -> {
                boolean beginsIteration =
                        networks.stream().allMatch(state -> state.network().outer() < position.outer());
                int most = beginsIteration ? pool - 1 : pool;
                yield networks.subList(Math.max(0, networks.size() - most), networks.size());
            }
            case WorkerReply.Failed<List<NetworkState>> failed -> List.of();
        });
    }
}
