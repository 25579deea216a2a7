package dev.reverie.gpu.profile;

import dev.reverie.gpu.engine.ClassifyTask;
import dev.reverie.gpu.engine.ClassifyTask.ClassifyOutcome;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.engine.ForwardingEngine;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.MatchTask.MatchOutcome;
import dev.reverie.gpu.engine.SelectTask;
import dev.reverie.gpu.engine.SelectTask.SelectOutcome;
import dev.reverie.gpu.engine.StudentRolloutTask;
import dev.reverie.gpu.engine.StudentRolloutTask.StudentRolloutOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainedNetwork;

/**
 * Forwards tasks to an engine and records each kind of task as a phase of a profile: {@code match}, {@code train},
 * {@code rollout}, {@code select} or {@code classify}.
 */
public final class ProfiledEngine extends ForwardingEngine {

    private final KernelProfile profile;

    /**
     * Profiles an engine.
     *
     * @param engine engine that computes with the profile as its kernels
     */
    public ProfiledEngine(DistillationEngine engine, KernelProfile profile) {
        super(engine);
        this.profile = profile;
    }

    @Override
    public MatchOutcome match(MatchTask task) {
        profile.enter("match");
        return super.match(task);
    }

    @Override
    public TrainMatchingNetworkOutcome train(TrainMatchingNetworkTask task) {
        profile.enter("train");
        return super.train(task);
    }

    @Override
    public TrainedNetwork trainCopy(TrainMatchingNetworkTask task) {
        profile.enter("train");
        return super.trainCopy(task);
    }

    @Override
    public StudentRolloutOutcome rollOut(StudentRolloutTask task) {
        profile.enter("rollout");
        return super.rollOut(task);
    }

    @Override
    public SelectOutcome select(SelectTask task) {
        profile.enter("select");
        return super.select(task);
    }

    @Override
    public ClassifyOutcome classify(ClassifyTask task) {
        profile.enter("classify");
        return super.classify(task);
    }
}
