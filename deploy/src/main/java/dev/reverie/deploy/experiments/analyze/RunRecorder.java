package dev.reverie.deploy.experiments.analyze;

import dev.reverie.actors.telemetry.TelemetryEvent.InnerLoopCompleted;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.deploy.experiments.analyze.LoopSnapshot.View;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.method.DistillationEngine;
import dev.reverie.gpu.method.MatchTask;
import dev.reverie.gpu.method.NetworkState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Watches a run: hears its telemetry, and looks over the worker's shoulder, who is shown every real batch and every
 * synthetic image on the way. Its two sides are called by one thread each; what they gathered is read after the run.
 */
final class RunRecorder implements TelemetryListener {

    private final int innerLoops;
    private final List<Double> losses = new ArrayList<>();
    private final Map<Integer, DistilledSet> sets = new HashMap<>();
    private final TreeMap<Integer, Draft> drafts = new TreeMap<>();
    private final Map<Integer, Turns> turns = new HashMap<>();

    RunRecorder(int innerLoops) {
        this.innerLoops = innerLoops;
    }

    private record Draft(int inner, NetworkState network, TreeMap<Integer, View> views) {}

    /** The turns that a class had in an outer iteration; one that failed comes again with the same draw. */
    private record Turns(int outer, int done, long draw) {

        Turns next(MatchTask task) {
            int current = task.network().outer();
            if (current != outer) {
                return new Turns(current, 1, task.draw());
            }
            return task.draw() == draw ? this : new Turns(outer, done + 1, task.draw());
        }
    }

    @Override
    public void on(TelemetryEvent event) {
        if (event instanceof InnerLoopCompleted loop) {
            losses.add(loop.matchingLoss());
        }
    }

    /** An engine that does what the other one does, and shows it to this. */
    DistillationEngine watch(DistillationEngine engine) {
        return new ObservedEngine(engine, this::matched);
    }

    private void matched(MatchTask task, DistillationEngine engine) {
        Turns now = turns.getOrDefault(task.label(), new Turns(-1, 0, 0)).next(task);
        turns.put(task.label(), now);
        int inner = now.done() - 1;
        if (inner % AnalysisSettings.BETWEEN_MOMENTS == 0) {
            drafts.computeIfAbsent(
                            now.outer() * innerLoops + inner,
                            _ -> new Draft(inner, engine.networks().getLast(), new TreeMap<>()))
                    .views()
                    .put(task.label(), new View(task.synthetic(), task.real()));
        }
    }

    /** Keeps the set that a run has after some outer iterations. */
    void keep(int outer, DistilledSet set) {
        sets.put(outer, set);
    }

    /** All that was gathered; a loop in which a class was left out is no moment. */
    RunRecording recording(int classes) {
        List<LoopSnapshot> moments = drafts.entrySet().stream()
                .filter(draft -> draft.getValue().views().size() == classes)
                .map(draft -> new LoopSnapshot(
                        draft.getKey(),
                        draft.getValue().inner(),
                        draft.getValue().network(),
                        List.copyOf(draft.getValue().views().values())))
                .toList();
        return new RunRecording(sets, losses, moments);
    }
}
