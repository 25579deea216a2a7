package dev.reverie.actors.clustering;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassRef;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.RetryingWorker;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.engine.NetworkId;
import dev.reverie.gpu.engine.SelectOutcome;
import dev.reverie.gpu.engine.SelectTask;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.select.SelectionRule;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.Scheduler;

/**
 * Gives a class new representatives: candidates from its reservoir, a choice by the worker, the chosen ones back to the
 * class. Thread safe.
 */
public final class RepresentativeRefresh {

    private final RetryingWorker worker;
    private final SelectionRule selection;
    private final DistillationSettings settings;
    private final TelemetryListener telemetry;
    private final Scheduler scheduler;

    public RepresentativeRefresh(
            RetryingWorker worker,
            SelectionRule selection,
            DistillationSettings settings,
            TelemetryListener telemetry,
            Scheduler scheduler) {
        this.worker = worker;
        this.selection = selection;
        this.settings = settings;
        this.telemetry = telemetry;
        this.scheduler = scheduler;
    }

    /**
     * What became of a class.
     *
     * @param chosen whether its representatives were chosen by the worker
     * @param workerSeconds spent inside the worker
     */
    record Outcome(int label, boolean chosen, double workerSeconds) {}

    /** One class after the other, in the given order. */
    CompletionStage<List<Outcome>> ofAll(List<ClassRef> members, LoopPosition position, NetworkId network) {
        CompletionStage<List<Outcome>> all = CompletableFuture.completedStage(new ArrayList<>());
        for (ClassRef member : members) {
            all = all.thenCompose(outcomes -> of(member, position, network).thenApply(outcome -> {
                outcomes.add(outcome);
                return outcomes;
            }));
        }
        return all;
    }

    private CompletionStage<Outcome> of(ClassRef member, LoopPosition position, NetworkId network) {
        int limit = settings.representatives().candidates();
        long sample = draw(position, member, 0);
        return member.<ClassActor.Candidates>ask(
                        replyTo -> new ClassActor.FindCandidates(limit, sample, replyTo), scheduler)
                .thenCompose(candidates -> worker.select(task(network, candidates, draw(position, member, 1)))
                        .thenCompose(answer -> switch (answer) {
                            case WorkerReply.Completed<SelectOutcome>(var choice, var seconds) ->
                                use(member, position, candidates, choice, seconds);
                            case WorkerReply.Failed<SelectOutcome>(var reason) -> keep(member, candidates, reason);
                        }));
    }

    private long draw(LoopPosition position, ClassRef member, int step) {
        return Seeds.of(
                settings.seed(), Seeds.Purpose.SELECT, position.outer(), position.inner(), member.label(), step);
    }

    private SelectTask task(NetworkId network, ClassActor.Candidates candidates, long draw) {
        return new SelectTask(
                network,
                selection,
                candidates.images(),
                count(candidates),
                settings.representatives().perCentroid(),
                settings.composition().weighsRepresentatives(),
                draw);
    }

    private int count(ClassActor.Candidates candidates) {
        return Math.min(settings.representatives().count(), candidates.images().size());
    }

    private CompletionStage<Outcome> use(
            ClassRef member,
            LoopPosition position,
            ClassActor.Candidates candidates,
            SelectOutcome choice,
            double seconds) {
        List<Integer> chosen =
                choice.indices().stream().map(candidates.indices()::get).toList();
        return member.<ClassActor.RepresentativesSet>ask(
                        replyTo -> new ClassActor.SetRepresentatives(chosen, position, replyTo), scheduler)
                .thenApply(represented -> {
                    telemetry.on(new TelemetryEvent.RepresentativesChosen(
                            member.label(),
                            position.outer(),
                            position.inner(),
                            (int) chosen.stream().distinct().count(),
                            choice.inertia(),
                            choice.discrepancy(),
                            represented.migration(),
                            seconds));
                    return new Outcome(member.label(), true, seconds);
                });
    }

    /** A class that has none yet must match something: the first candidates. */
    private CompletionStage<Outcome> keep(ClassRef member, ClassActor.Candidates candidates, String reason) {
        telemetry.on(new TelemetryEvent.Warning(
                "the representatives of class '" + member.name() + "' could not be chosen anew: " + reason));
        List<Integer> first = candidates.indices().subList(0, count(candidates));
        return member.<Done>ask(replyTo -> new ClassActor.SetRepresentativesIfNone(first, replyTo), scheduler)
                .thenApply(done -> new Outcome(member.label(), false, 0));
    }
}
