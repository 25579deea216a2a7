package dev.reverie.streams;

import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.engine.ForwardingEngine;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.MatchTask.MatchOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;

/** An engine that acts before each class step, or before each training, on the worker's thread. */
final class WatchedEngine extends ForwardingEngine {

    private final Runnable beforeMatching;
    private final Runnable beforeTraining;

    private WatchedEngine(DistillationEngine engine, Runnable beforeMatching, Runnable beforeTraining) {
        super(engine);
        this.beforeMatching = beforeMatching;
        this.beforeTraining = beforeTraining;
    }

    static WatchedEngine beforeMatching(DistillationEngine engine, Runnable action) {
        return new WatchedEngine(engine, action, () -> {});
    }

    static WatchedEngine beforeTraining(DistillationEngine engine, Runnable action) {
        return new WatchedEngine(engine, () -> {}, action);
    }

    @Override
    public MatchOutcome match(MatchTask task) {
        beforeMatching.run();
        return super.match(task);
    }

    @Override
    public TrainMatchingNetworkOutcome train(TrainMatchingNetworkTask task) {
        beforeTraining.run();
        return super.train(task);
    }
}
