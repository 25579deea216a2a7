package dev.reverie.actors.worker;

import dev.reverie.gpu.engine.ClassifyTask;
import dev.reverie.gpu.engine.ClassifyTask.ClassifyOutcome;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.engine.GuidanceTask;
import dev.reverie.gpu.engine.JointTask;
import dev.reverie.gpu.engine.JointTask.JointOutcome;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.MatchTask.MatchOutcome;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.SelectTask;
import dev.reverie.gpu.engine.SelectTask.SelectOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainedNetwork;
import java.util.List;

/** An engine that no task is for; those of tests override what they need. */
public class IdleEngine implements DistillationEngine {

    @Override
    public void beforeEachStep(Runnable check) {} // a training has no steps here

    @Override
    public TrainMatchingNetworkOutcome train(TrainMatchingNetworkTask task) {
        throw unexpected();
    }

    @Override
    public MatchOutcome match(MatchTask task) {
        throw unexpected();
    }

    @Override
    public JointOutcome matchJointly(JointTask task) {
        throw unexpected();
    }

    @Override
    public void guide(GuidanceTask task) {
        throw unexpected();
    }

    @Override
    public NetworkState network(NetworkId id) {
        throw unexpected();
    }

    @Override
    public TrainedNetwork trainCopy(TrainMatchingNetworkTask task) {
        throw unexpected();
    }

    @Override
    public void adopt(TrainMatchingNetworkTask task, NetworkState trained) {
        throw unexpected();
    }

    @Override
    public SelectOutcome select(SelectTask task) {
        throw unexpected();
    }

    @Override
    public ClassifyOutcome classify(ClassifyTask task) {
        throw unexpected();
    }

    @Override
    public List<NetworkState> networks() {
        return List.of();
    }

    @Override
    public void restore(List<NetworkState> states) {
        throw unexpected();
    }

    @Override
    public void close() {}

    private static AssertionError unexpected() {
        return new AssertionError("the test expects no such task");
    }
}
