package dev.reverie.streams;

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
import java.util.function.Consumer;

/** An engine that says before each training which one it is, on the worker's thread. */
record WatchedEngine(Engine engine, Consumer<TrainTask> beforeTraining) implements Engine {

    @Override
    public TrainOutcome train(TrainTask task) {
        beforeTraining.accept(task);
        return engine.train(task);
    }

    @Override
    public MatchOutcome match(MatchTask task) {
        return engine.match(task);
    }

    @Override
    public WalkOutcome walk(WalkTask task) {
        return engine.walk(task);
    }

    @Override
    public NetworkState network(NetworkId id) {
        return engine.network(id);
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
