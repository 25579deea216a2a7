package dev.reverie.gpu.engine;

import dev.reverie.gpu.engine.ClassifyTask.ClassifyOutcome;
import dev.reverie.gpu.engine.MatchTask.MatchOutcome;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.SelectTask.SelectOutcome;
import dev.reverie.gpu.engine.StudentRolloutTask.StudentRolloutOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainedNetwork;
import java.util.List;

/** Forwards all calls to another engine. Subclasses override the methods in which they differ from it. */
public abstract class ForwardingEngine implements DistillationEngine {

    private final DistillationEngine engine;

    protected ForwardingEngine(DistillationEngine engine) {
        this.engine = engine;
    }

    @Override
    public void beforeEachStep(Runnable check) {
        engine.beforeEachStep(check);
    }

    @Override
    public MatchOutcome match(MatchTask task) {
        return engine.match(task);
    }

    @Override
    public TrainMatchingNetworkOutcome train(TrainMatchingNetworkTask task) {
        return engine.train(task);
    }

    @Override
    public TrainedNetwork trainCopy(TrainMatchingNetworkTask task) {
        return engine.trainCopy(task);
    }

    @Override
    public void adopt(TrainMatchingNetworkTask task, NetworkState trained) {
        engine.adopt(task, trained);
    }

    @Override
    public StudentRolloutOutcome rollOut(StudentRolloutTask task) {
        return engine.rollOut(task);
    }

    @Override
    public void guide(GuidanceTask task) {
        engine.guide(task);
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
