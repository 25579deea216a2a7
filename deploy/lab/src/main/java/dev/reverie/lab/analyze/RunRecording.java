package dev.reverie.lab.analyze;

import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.InnerLoopCompleted;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.gpu.WatchedCalls;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.NetworkState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The sets, losses and snapshots recorded during a run.
 *
 * @param sets the sets to be evaluated and the final set, by number of completed outer iterations
 * @param losses mean matching loss of every inner loop; {@code NaN} if no class was matched
 * @param snapshots snapshots of every tenth inner loop of each outer iteration, starting with the first inner loop
 */
record RunRecording(Map<Integer, DistilledSet> sets, List<Double> losses, List<LoopSnapshot> snapshots) {

    RunRecording {
        sets = Map.copyOf(sets);
        losses = List.copyOf(losses);
        snapshots = List.copyOf(snapshots);
    }

    /**
     * The network and the images of one inner loop.
     *
     * @param loop number of inner loops of the run completed before this one, over all outer iterations
     * @param inner number of inner loops of the same outer iteration completed before this one
     */
    record LoopSnapshot(int loop, int inner, NetworkState network, List<VisitImages> classes) {

        LoopSnapshot {
            classes = List.copyOf(classes);
        }
    }

    record VisitImages(ImageBatch synthetic, List<Image> real) {}

    DistilledSet set(int outer) {
        return Optional.ofNullable(sets.get(outer))
                .orElseThrow(
                        () -> new IllegalArgumentException("no set was recorded after " + outer + " outer iterations"));
    }

    /**
     * Records a run from its telemetry and from the calls to its engine. The arguments of these calls contain every
     * real batch and the synthetic images. One thread calls the listener, and one thread calls the engine; the
     * recording is read after the run.
     */
    static final class Recorder implements TelemetryListener {

        private final int innerLoops;
        private final Runnable onLoop;
        private final List<Double> losses = new ArrayList<>();
        private final Map<Integer, DistilledSet> sets = new HashMap<>();
        private final TreeMap<Integer, PartialSnapshot> snapshots = new TreeMap<>();
        private final Map<Integer, Visits> visits = new HashMap<>();

        Recorder(int innerLoops, Runnable onLoop) {
            this.innerLoops = innerLoops;
            this.onLoop = onLoop;
        }

        /** A snapshot that may still lack classes. */
        private record PartialSnapshot(int inner, NetworkState network, TreeMap<Integer, VisitImages> classes) {}

        /**
         * The number of visits of a class in an outer iteration. A failed visit is repeated with the same seed, and
         * counts once.
         */
        private record Visits(int outer, int count, long seed) {

            Visits next(MatchTask task) {
                int current = task.network().outer();
                if (current != outer) {
                    return new Visits(current, 1, task.seed());
                }
                return task.seed() == seed ? this : new Visits(outer, count + 1, task.seed());
            }
        }

        @Override
        public void on(TelemetryEvent event) {
            if (event instanceof InnerLoopCompleted loop) {
                losses.add(loop.matchingLoss());
                onLoop.run();
            }
        }

        /** Returns an engine that delegates to {@code engine} and reports every class step to this recorder. */
        DistillationEngine recording(DistillationEngine engine) {
            return WatchedCalls.of(
                    DistillationEngine.class,
                    engine,
                    (method, arguments) -> method.equals("match")
                            ? () -> matched((MatchTask) arguments.getFirst(), engine)
                            : () -> {});
        }

        private void matched(MatchTask task, DistillationEngine engine) {
            Visits current =
                    visits.getOrDefault(task.output(), new Visits(-1, 0, 0)).next(task);
            visits.put(task.output(), current);
            int inner = current.count() - 1;
            if (inner % AnalysisSettings.SNAPSHOT_INTERVAL == 0) {
                snapshots
                        .computeIfAbsent(
                                current.outer() * innerLoops + inner,
                                _ -> new PartialSnapshot(
                                        inner, engine.networks().getLast(), new TreeMap<>()))
                        .classes()
                        .put(task.output(), new VisitImages(task.synthetic(), task.real()));
            }
        }

        void record(int outer, DistilledSet set) {
            sets.put(outer, set);
        }

        /** Returns everything that was recorded, except snapshots that do not contain all {@code classes} classes. */
        RunRecording recording(int classes) {
            List<LoopSnapshot> complete = snapshots.entrySet().stream()
                    .filter(snapshot -> snapshot.getValue().classes().size() == classes)
                    .map(snapshot -> new LoopSnapshot(
                            snapshot.getKey(),
                            snapshot.getValue().inner(),
                            snapshot.getValue().network(),
                            List.copyOf(snapshot.getValue().classes().values())))
                    .toList();
            return new RunRecording(sets, losses, complete);
        }
    }
}
