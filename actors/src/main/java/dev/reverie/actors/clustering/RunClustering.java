package dev.reverie.actors.clustering;

import dev.reverie.actors.classes.ClassClient;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Before each inner loop of a run, refreshes the representatives of the classes that are due for a refresh. If the
 * worker fails to choose those of a class, the class keeps its old ones and is due again before the next loop. One
 * refresh must end before the next one begins.
 */
public final class RunClustering {

    private final RepresentativeRefresh refresher;
    private final int interval;
    private final Map<Integer, LoopPosition> refreshedAt;

    /**
     * Continues from an earlier state.
     *
     * @param interval number of inner loops from one refresh of a class to the next
     * @param refreshedAt the loop before which each class was last refreshed, by class index
     */
    public RunClustering(RepresentativeRefresh refresher, int interval, Map<Integer, LoopPosition> refreshedAt) {
        this.refresher = refresher;
        this.interval = interval;
        this.refreshedAt = new ConcurrentHashMap<>(refreshedAt);
    }

    /**
     * Refreshes the representatives that are due before a loop. Then, every class has representatives.
     *
     * @param network the network whose features are used to choose the representatives
     * @return time spent inside the worker, in seconds; fails if another attempt would fail as well
     */
    public CompletionStage<Double> refresh(LoopPosition position, NetworkId network, List<ClassClient> classes) {
        List<ClassClient> due =
                classes.stream().filter(one -> isDue(one, position)).toList();
        return refresher.refreshAll(due, position, network).thenApply(outcomes -> {
            outcomes.stream()
                    .filter(RepresentativeRefresh.Outcome::chosen)
                    .forEach(outcome -> refreshedAt.put(outcome.classIndex(), position));
            return outcomes.stream()
                    .mapToDouble(RepresentativeRefresh.Outcome::workerSeconds)
                    .sum();
        });
    }

    /** A new network has new features, so every class is due before the first loop of an outer iteration. */
    private boolean isDue(ClassClient one, LoopPosition now) {
        return Optional.ofNullable(refreshedAt.get(one.classIndex()))
                .filter(last -> last.outer() == now.outer())
                .map(last -> now.inner() - last.inner() >= interval)
                .orElse(true);
    }
}
