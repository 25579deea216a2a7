package dev.reverie.gpu.profile;

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

/**
 * An engine whose tasks are the phases of a profile: {@code match}, {@code train}, {@code walk}, {@code select}.
 *
 * @param engine computes with the profile's kernels
 */
public record ProfiledEngine(Engine engine, KernelProfile profile) implements Engine {

    @Override
    public MatchOutcome match(MatchTask task) {
        profile.enter("match");
        return engine.match(task);
    }

    @Override
    public TrainOutcome train(TrainTask task) {
        profile.enter("train");
        return engine.train(task);
    }

    @Override
    public WalkOutcome walk(WalkTask task) {
        profile.enter("walk");
        return engine.walk(task);
    }

    @Override
    public SelectOutcome select(SelectTask task) {
        profile.enter("select");
        return engine.select(task);
    }

    @Override
    public ClassifyOutcome classify(ClassifyTask task) {
        profile.enter("classify");
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
