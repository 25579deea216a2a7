package dev.reverie.deploy.experiments.analyze;

import dev.reverie.gpu.method.Engine;
import dev.reverie.gpu.method.ForwardingEngine;
import dev.reverie.gpu.method.MatchOutcome;
import dev.reverie.gpu.method.MatchTask;
import java.util.function.BiConsumer;

/** Does what another engine does. */
final class WatchedEngine extends ForwardingEngine {

    private final Engine engine;
    private final BiConsumer<MatchTask, Engine> watcher;

    /**
     * An engine to be watched.
     *
     * @param watcher shown every class step, and the engine as it stood then
     */
    WatchedEngine(Engine engine, BiConsumer<MatchTask, Engine> watcher) {
        super(engine);
        this.engine = engine;
        this.watcher = watcher;
    }

    @Override
    public MatchOutcome match(MatchTask task) {
        MatchOutcome outcome = super.match(task);
        watcher.accept(task, engine);
        return outcome;
    }
}
