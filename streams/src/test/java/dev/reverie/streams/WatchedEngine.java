package dev.reverie.streams;

import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.engine.ForwardingEngine;
import dev.reverie.gpu.engine.TrainOutcome;
import dev.reverie.gpu.engine.TrainTask;
import java.util.function.Consumer;

/** An engine that reports the number of each training before it starts, on the worker's thread. */
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
