package dev.reverie.deploy.analyze;

import dev.reverie.gpu.method.ClassifyOutcome;
import dev.reverie.gpu.method.ClassifyTask;
import dev.reverie.gpu.method.Engine;
import dev.reverie.gpu.method.MatchOutcome;
import dev.reverie.gpu.method.MatchTask;
import dev.reverie.gpu.method.NetworkId;
import dev.reverie.gpu.method.NetworkState;
import dev.reverie.gpu.method.SelectOutcome;
import dev.reverie.gpu.method.SelectTask;
import dev.reverie.gpu.method.TrainOutcome;
import dev.reverie.gpu.method.TrainTask;
import dev.reverie.gpu.method.WalkOutcome;
import dev.reverie.gpu.method.WalkTask;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Does what another engine does.
 *
 * @param watcher shown every class step, and the engine as it stood then
 */
record WatchedEngine(Engine engine, BiConsumer<MatchTask, Engine> watcher) implements Engine {

    @Override
    public MatchOutcome match(MatchTask task) {
        MatchOutcome outcome = engine.match(task);
        watcher.accept(task, engine);
        return outcome;
    }

    @Override
    public TrainOutcome train(TrainTask task) {
        return engine.train(task);
    }

    @Override
    public WalkOutcome walk(WalkTask task) {
        return engine.walk(task);
    }

    @Override
    public SelectOutcome select(SelectTask task) {
        return engine.select(task);
    }

    @Override
    public ClassifyOutcome classify(ClassifyTask task) {
        return engine.classify(task);
    }

    @Override
    public NetworkState network(NetworkId id) {
        return engine.network(id);
    }

    @Override
    public List<NetworkState> networks() {
        return engine.networks();
    }

    @Override
    public void restore(List<NetworkState> states) {
        engine.restore(states);
    }

    @Override
    public void close() {
        engine.close();
    }
}
