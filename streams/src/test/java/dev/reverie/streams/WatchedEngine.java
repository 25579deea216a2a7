package dev.reverie.streams;

import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.engine.ForwardingEngine;
import dev.reverie.gpu.engine.TrainMatchingNetworkOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import java.util.function.Consumer;

/** An engine that reports the number of each training before it starts, on the worker's thread. */
final class WatchedEngine extends ForwardingEngine {

    private final Consumer<TrainMatchingNetworkTask> beforeTraining;

    WatchedEngine(DistillationEngine engine, Consumer<TrainMatchingNetworkTask> beforeTraining) {
        super(engine);
        this.beforeTraining = beforeTraining;
    }

    @Override
    public TrainMatchingNetworkOutcome train(TrainMatchingNetworkTask task) {
        beforeTraining.accept(task);
        return super.train(task);
    }
}
