package dev.reverie.gpu.engine;

import dev.reverie.gpu.engine.ClassifyTask.ClassifyOutcome;
import dev.reverie.gpu.engine.JointTask.JointOutcome;
import dev.reverie.gpu.engine.MatchTask.MatchOutcome;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.SelectTask.SelectOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainedNetwork;
import java.util.List;

/**
 * Performs the steps of a distillation method on one device, and keeps the matching networks of the most recent outer
 * iterations. Not thread safe. Deterministic: the same tasks in the same order give bit-identical results, on a GPU if
 * its memory suffices for the same batches.
 */
public interface DistillationEngine extends AutoCloseable {

    /**
     * Computes the matching loss of a class and the gradient of the loss with respect to the synthetic images of the
     * class (DREAM, equations 2 and 3).
     */
    MatchOutcome match(MatchTask task);

    /**
     * Calls {@code check} before each step of every later training, so that a long training can be cancelled: a
     * {@link java.util.concurrent.CancellationException} that it throws ends the training. The engine must then be
     * closed.
     */
    void beforeEachStep(Runnable check);

    TrainMatchingNetworkOutcome train(TrainMatchingNetworkTask task);

    /** Trains a copy of the network that {@link #train} would train, and leaves that network as it is. */
    TrainedNetwork trainCopy(TrainMatchingNetworkTask task);

    /** Gives the network that {@link #train} would train the state that {@link #trainCopy} has returned. */
    void adopt(TrainMatchingNetworkTask task, NetworkState trained);

    /**
     * Computes the loss of all classes together, for methods whose classes share one. The calls of {@link #match} that
     * follow return this loss and its gradient.
     */
    JointOutcome matchJointly(JointTask task);

    /**
     * Uses an expert at the stages of the task in all later calls of {@link #match} and {@link #select}, for methods
     * that are guided by expert trajectories.
     */
    void guide(GuidanceTask task);

    /** Chooses real images, in the feature space of the network if the selection rule uses features. */
    SelectOutcome select(SelectTask task);

    /** Computes the logits of the matching network for images. */
    ClassifyOutcome classify(ClassifyTask task);

    /** Returns the current state of a network, after creating the network if the engine does not have it. */
    NetworkState network(NetworkId id);

    /** Returns the current states of all networks in the pool, oldest first; empty before the first task. */
    List<NetworkState> networks();

    /** Replaces the networks in the pool by saved ones. */
    void restore(List<NetworkState> states);

    /** Frees the device's memory. */
    @Override
    void close();
}
