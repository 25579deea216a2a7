package dev.reverie.streams;

import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.engine.ForwardingEngine;
import dev.reverie.gpu.engine.MatchOutcome;
import dev.reverie.gpu.engine.MatchTask;

/** An engine that acts before each class step, on the worker's thread. */
final class MatchWatchingEngine extends ForwardingEngine {

    private final Runnable beforeMatching;

    MatchWatchingEngine(DistillationEngine engine, Runnable beforeMatching) {
        super(engine);
        this.beforeMatching = beforeMatching;
    }

    @Override
    public MatchOutcome match(MatchTask task) {
        beforeMatching.run();
        return super.match(task);
    }
}
