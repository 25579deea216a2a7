package dev.reverie.streams;

import dev.reverie.gpu.WatchedCalls;
import dev.reverie.gpu.engine.DistillationEngine;

/** Engines that act before each class step, or before each training, on the worker's thread. */
final class WatchedEngine {

    private WatchedEngine() {}

    static DistillationEngine beforeMatching(DistillationEngine engine, Runnable action) {
        return before("match", engine, action);
    }

    static DistillationEngine beforeTraining(DistillationEngine engine, Runnable action) {
        return before("train", engine, action);
    }

    private static DistillationEngine before(String task, DistillationEngine engine, Runnable action) {
        return WatchedCalls.before(DistillationEngine.class, engine, (method, _) -> {
            if (method.equals(task)) {
                action.run();
            }
        });
    }
}
