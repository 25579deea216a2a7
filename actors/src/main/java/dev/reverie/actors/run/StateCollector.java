package dev.reverie.actors.run;

import dev.reverie.actors.Request;
import dev.reverie.actors.checkpoint.Checkpoint;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassImages;
import dev.reverie.actors.classes.ClassSnapshot;
import dev.reverie.actors.classes.Member;
import dev.reverie.actors.schedule.Position;
import dev.reverie.actors.schedule.TrainingOrder;
import dev.reverie.actors.worker.PatientWorker;
import dev.reverie.actors.worker.Reply;
import dev.reverie.gpu.method.NetworkState;
import dev.reverie.gpu.method.StudentRate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.Scheduler;

/** Gathers the state of a run between two loops from those who own it. Thread safe. */
final class StateCollector {

    private final PatientWorker worker;
    private final Scheduler scheduler;
    private final int pool;

    /**
     * A collector.
     *
     * @param pool networks that the worker's engine holds at a time
     */
    StateCollector(PatientWorker worker, Scheduler scheduler, int pool) {
        this.worker = worker;
        this.scheduler = scheduler;
        this.pool = pool;
    }

    CompletionStage<List<ClassSnapshot>> classes(List<Member> members) {
        return Request.all(members.stream()
                .map(member -> member.<ClassSnapshot>ask(ClassActor.TakeSnapshot::new, scheduler))
                .toList());
    }

    /** All that a checkpoint holds. */
    CompletionStage<Checkpoint> checkpoint(
            RunPlan.Storage storage,
            Position position,
            TrainingOrder.Cursor cursor,
            List<Member> members,
            List<ClassImages> joined,
            Optional<StudentRate> studentRate) {
        return classes(members)
                .thenCombine(
                        networks(position),
                        (classes, networks) -> new Checkpoint(
                                storage.configuration(), position, cursor, classes, joined, networks, studentRate));
    }

    /** Those that go on: a new outer iteration draws one of its own, in whose place the oldest of a full pool goes. */
    private CompletionStage<List<NetworkState>> networks(Position position) {
        return worker.exportNetworks().thenApply(answer -> switch (answer) {
            case Reply.Completed<List<NetworkState>>(var networks, var seconds) -> {
                boolean beginsIteration =
                        networks.stream().allMatch(state -> state.network().outer() < position.outer());
                int most = beginsIteration ? pool - 1 : pool;
                yield networks.subList(Math.max(0, networks.size() - most), networks.size());
            }
            case Reply.Failed<List<NetworkState>> failed -> List.of();
        });
    }
}
