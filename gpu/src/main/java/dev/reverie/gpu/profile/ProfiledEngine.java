package dev.reverie.gpu.profile;

import dev.reverie.gpu.method.ClassifyOutcome;
import dev.reverie.gpu.method.ClassifyTask;
import dev.reverie.gpu.method.DistillationEngine;
import dev.reverie.gpu.method.ForwardingEngine;
import dev.reverie.gpu.method.MatchOutcome;
import dev.reverie.gpu.method.MatchTask;
import dev.reverie.gpu.method.RolloutOutcome;
import dev.reverie.gpu.method.RolloutTask;
import dev.reverie.gpu.method.SelectOutcome;
import dev.reverie.gpu.method.SelectTask;
import dev.reverie.gpu.method.TrainOutcome;
import dev.reverie.gpu.method.TrainTask;

/** An engine whose tasks are the phases of a profile: {@code match}, {@code train}, {@code walk} and so on. */
public final class ProfiledEngine extends ForwardingEngine {

    private final KernelProfile profile;

    /**
     * A profile of an engine.
     *
     * @param engine computes with the profile's kernels
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
    public TrainOutcome train(TrainTask task) {
        profile.enter("train");
        return super.train(task);
    }

    @Override
    public RolloutOutcome walk(RolloutTask task) {
        profile.enter("walk");
        return super.walk(task);
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
