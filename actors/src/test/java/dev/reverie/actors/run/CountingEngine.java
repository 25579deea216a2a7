package dev.reverie.actors.run;

import dev.reverie.actors.worker.IdleEngine;
import dev.reverie.gpu.engine.JointTask;
import dev.reverie.gpu.engine.JointTask.FollowExpert;
import dev.reverie.gpu.engine.JointTask.JointOutcome;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.SelectTask;
import dev.reverie.gpu.engine.SelectTask.SelectOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** An engine whose only parameter is the number of trainings of its network. Its students always diverge. */
final class CountingEngine extends IdleEngine {

    private final Runnable beforeFirstSelection;
    private final Runnable beforeFirstTraining;
    private final List<FollowExpert> rollouts = new CopyOnWriteArrayList<>();
    private Optional<NetworkState> held = Optional.empty();
    private boolean hasSelected;

    CountingEngine(Runnable beforeFirstSelection, Runnable beforeFirstTraining) {
        this.beforeFirstSelection = beforeFirstSelection;
        this.beforeFirstTraining = beforeFirstTraining;
    }

    /** The rollouts that the engine was asked for, in order. */
    List<FollowExpert> rollouts() {
        return List.copyOf(rollouts);
    }

    @Override
    public SelectOutcome select(SelectTask task) {
        if (!hasSelected) {
            hasSelected = true;
            beforeFirstSelection.run();
        }
        List<Integer> first = IntStream.range(0, task.count()).boxed().toList();
        return new SelectOutcome(first, Double.NaN, OptionalDouble.empty());
    }

    @Override
    public TrainMatchingNetworkOutcome train(TrainMatchingNetworkTask task) {
        float trainings = network(task.network()).parameters().getFirst()[0];
        if (trainings == 0) {
            beforeFirstTraining.run();
        }
        held = Optional.of(state(task.network(), trainings + 1));
        return new TrainMatchingNetworkOutcome(1);
    }

    private static NetworkState state(NetworkId id, float trainings) {
        return new NetworkState(id, List.of(new float[] {trainings}), List.of(new float[1]));
    }

    @Override
    public NetworkState network(NetworkId id) {
        NetworkState state = held.filter(known -> known.network().equals(id)).orElseGet(() -> state(id, 0));
        held = Optional.of(state);
        return state;
    }

    @Override
    public List<NetworkState> networks() {
        return held.stream().toList();
    }

    @Override
    public JointOutcome matchJointly(JointTask task) {
        rollouts.add((FollowExpert) task);
        return new JointOutcome(Double.NaN, List.of(), 0);
    }
}
