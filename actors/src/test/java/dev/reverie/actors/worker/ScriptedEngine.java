package dev.reverie.actors.worker;

import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** An engine that trains by a script, and has no other tasks. */
final class ScriptedEngine extends IdleEngine {

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
    public TrainMatchingNetworkOutcome train(TrainMatchingNetworkTask task) {
        threads.add(Thread.currentThread());
        return training.get();
    }

    @Override
    public void close() {
        threads.add(Thread.currentThread());
        closed = true;
    }
}
