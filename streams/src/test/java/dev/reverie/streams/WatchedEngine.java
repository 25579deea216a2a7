package dev.reverie.streams;

import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.engine.ForwardingEngine;
import dev.reverie.gpu.engine.TrainOutcome;
import dev.reverie.gpu.engine.TrainTask;
import java.util.function.Consumer;

/** An engine that says before each training which one it is, on the worker's thread. */
final class WatchedEngine extends ForwardingEngine {

    private final Consumer<TrainTask> beforeTraining;

    WatchedEngine(DistillationEngine engine, Consumer<TrainTask> beforeTraining) {
        super(engine);
        this.beforeTraining = beforeTraining;
    }

    @Override
    public TrainOutcome train(TrainTask task) {
        beforeTraining.accept(task);
        return super.train(task);
    }
}
