package dev.reverie.actors.worker;

import dev.reverie.gpu.engine.ClassifyTask;
import dev.reverie.gpu.engine.ClassifyTask.ClassifyOutcome;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.engine.GuidanceTask;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.MatchTask.MatchOutcome;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.SelectTask;
import dev.reverie.gpu.engine.SelectTask.SelectOutcome;
import dev.reverie.gpu.engine.StudentRolloutTask;
import dev.reverie.gpu.engine.StudentRolloutTask.StudentRolloutOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainedNetwork;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** An engine that trains by a script, and has no other tasks. */
final class ScriptedEngine implements DistillationEngine {

    private final Supplier<TrainMatchingNetworkOutcome> training;
    private final Set<Thread> threads;
    private volatile boolean closed;

    ScriptedEngine(Supplier<TrainMatchingNetworkOutcome> training) {
        this(training, ConcurrentHashMap.newKeySet());
    }

    /**
     * Creates an engine whose threads are recorded.
     *
     * @param threads receives the threads that use or close the engine
     */
    ScriptedEngine(Supplier<TrainMatchingNetworkOutcome> training, Set<Thread> threads) {
        this.training = training;
        this.threads = threads;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void beforeEachStep(Runnable check) {} // a training has no steps here

    @Override
    public TrainMatchingNetworkOutcome train(TrainMatchingNetworkTask task) {
        threads.add(Thread.currentThread());
        return training.get();
    }

    @Override
    public MatchOutcome match(MatchTask task) {
        throw new AssertionError("these tests only train");
    }

    @Override
    public StudentRolloutOutcome rollOut(StudentRolloutTask task) {
        throw new AssertionError("these tests only train");
    }

    @Override
    public void guide(GuidanceTask task) {
        throw new AssertionError("these tests only train");
    }

    @Override
    public NetworkState network(NetworkId id) {
        throw new AssertionError("these tests only train");
    }

    @Override
    public TrainedNetwork trainCopy(TrainMatchingNetworkTask task) {
        throw new AssertionError("these tests have one engine");
    }

    @Override
    public void adopt(TrainMatchingNetworkTask task, NetworkState trained) {
        throw new AssertionError("these tests have one engine");
    }

    @Override
    public SelectOutcome select(SelectTask task) {
        throw new AssertionError("these tests only train");
    }

    @Override
    public ClassifyOutcome classify(ClassifyTask task) {
        throw new AssertionError("these tests only train");
    }

    @Override
    public List<NetworkState> networks() {
        return List.of();
    }

    @Override
    public void restore(List<NetworkState> states) {
        throw new AssertionError("these tests only train");
    }

    @Override
    public void close() {
        threads.add(Thread.currentThread());
        closed = true;
    }
}
