package dev.reverie.deploy.experiments.analyze;

import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.engine.ForwardingEngine;
import dev.reverie.gpu.engine.MatchOutcome;
import dev.reverie.gpu.engine.MatchTask;
import java.util.function.BiConsumer;

/** Does what another engine does. */
final class ObservedEngine extends ForwardingEngine {

    private final DistillationEngine engine;
    private final BiConsumer<MatchTask, DistillationEngine> watcher;

    /**
     * An engine to be watched.
     *
     * @param watcher shown every class step, and the engine as it stood then
     */
    ObservedEngine(DistillationEngine engine, BiConsumer<MatchTask, DistillationEngine> watcher) {
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
