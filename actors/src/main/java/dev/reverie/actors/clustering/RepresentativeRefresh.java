package dev.reverie.actors.clustering;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassClient;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.WorkerPool;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.SelectTask;
import dev.reverie.gpu.engine.SelectTask.SelectOutcome;
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
 * Refreshes the representatives of a class: draws candidates from the reservoir of the class, has the worker choose
 * among them, and sends the result to the class. Thread safe.
 */
public record RepresentativeRefresh(
        WorkerPool worker,
        SelectionRule selection,
        DistillationSettings settings,
        TelemetryListener telemetry,
        Scheduler scheduler) {

    /**
     * The result for one class.
     *
     * @param chosen whether the worker chose the representatives
     * @param first whether the class had no representatives before that the worker chose, or has been sealed meanwhile
     * @param workerSeconds time spent inside the worker, in seconds
     */
    record Outcome(int classIndex, boolean chosen, boolean first, double workerSeconds) {}

    /**
     * What the worker has chosen among the candidates of a class.
     *
     * @param candidates indices of the candidates in the reservoir
     */
    private record Choice(List<Integer> candidates, WorkerReply.Result<SelectOutcome> answer) {}

    CompletionStage<Outcome> refresh(ClassClient target, LoopPosition position, NetworkId network) {
        return choose(target, position, network).thenCompose(made -> apply(made, target, position));
    }

    /**
     * Refreshes the classes in the given order. There are as many choices at a time as there are workers, because the
     * candidates of a class can need much memory.
     */
    CompletionStage<List<Outcome>> refreshAll(List<ClassClient> classes, LoopPosition position, NetworkId network) {
        List<CompletionStage<Choice>> choices = new ArrayList<>();
        CompletionStage<List<Outcome>> all = CompletableFuture.completedStage(new ArrayList<>());
        for (ClassClient target : classes) {
            int place = choices.size();
            CompletionStage<?> earlier = place < worker.count()
                    ? CompletableFuture.completedStage(Done.getInstance())
                    : choices.get(place - worker.count());
            CompletionStage<Choice> choice = earlier.thenCompose(ended -> choose(target, position, network));
            choices.add(choice);
            all = all.thenCompose(outcomes -> choice.thenCompose(made -> apply(made, target, position))
                    .thenApply(outcome -> {
                        outcomes.add(outcome);
                        return outcomes;
                    }));
        }
        return all;
    }

    private CompletionStage<Choice> choose(ClassClient target, LoopPosition position, NetworkId network) {
        int limit = settings.representatives().candidates();
        long sample = seed(position, target, 0);
        return target.<ClassActor.Candidates>ask(
                        replyTo -> new ClassActor.FindCandidates(limit, sample, replyTo), scheduler)
                .thenCompose(candidates -> worker.select(task(network, candidates, seed(position, target, 1)))
                        .thenApply(answer -> new Choice(candidates.indices(), answer)));
    }

    private CompletionStage<Outcome> apply(Choice choice, ClassClient target, LoopPosition position) {
        return switch (choice.answer()) {
            case WorkerReply.Completed<SelectOutcome>(var chosen, var seconds) ->
                use(target, position, choice.candidates(), chosen, seconds);
            case WorkerReply.Failed<SelectOutcome>(var reason) -> keepCurrent(target, choice.candidates(), reason);
        };
    }

    private long seed(LoopPosition position, ClassClient target, int step) {
        return Seeds.of(
                settings.seed(), Seeds.Purpose.SELECT, position.outer(), position.inner(), target.classIndex(), step);
    }

    private SelectTask task(NetworkId network, ClassActor.Candidates candidates, long seed) {
        return new SelectTask(
                network,
                selection,
                candidates.images(),
                count(candidates.images().size()),
                settings.representatives().perCentroid(),
                settings.composition().weighsRepresentatives(),
                seed);
    }

    private int count(int candidates) {
        return Math.min(settings.representatives().count(), candidates);
    }

    private CompletionStage<Outcome> use(
            ClassClient target, LoopPosition position, List<Integer> candidates, SelectOutcome choice, double seconds) {
        List<Integer> chosen = choice.indices().stream().map(candidates::get).toList();
        return target.<ClassActor.RepresentativesSet>ask(
                        replyTo -> new ClassActor.SetRepresentatives(chosen, position, replyTo), scheduler)
                .thenApply(represented -> {
                    telemetry.on(new TelemetryEvent.RepresentativesChosen(
                            target.classIndex(),
                            position.outer(),
                            position.inner(),
                            (int) chosen.stream().distinct().count(),
                            choice.inertia(),
                            choice.discrepancy(),
                            represented.migration(),
                            seconds));
                    return new Outcome(
                            target.classIndex(), true, represented.migration().isEmpty(), seconds);
                });
    }

    /**
     * Leaves a class its representatives. A class without any gets the first candidates, because it needs some for
     * matching, or all candidates if batches are drawn from them.
     */
    private CompletionStage<Outcome> keepCurrent(ClassClient target, List<Integer> candidates, String reason) {
        telemetry.on(new TelemetryEvent.Warning(
                "choosing new representatives of class '" + target.name() + "' failed (" + reason
                        + "); until the next choice, the class keeps those that it has, or uses its first images if it"
                        + " has none, so nothing needs to be done unless this recurs"));
        int needed = selection.drawsForEachStep() ? candidates.size() : count(candidates.size());
        List<Integer> first = candidates.subList(0, needed);
        return target.<Done>ask(replyTo -> new ClassActor.SetRepresentativesIfNone(first, replyTo), scheduler)
                .thenApply(done -> new Outcome(target.classIndex(), false, false, 0));
    }
}
