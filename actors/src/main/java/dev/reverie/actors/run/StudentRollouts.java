package dev.reverie.actors.run;

import dev.reverie.actors.classes.ClassClient;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.StudentRolloutTask;
import dev.reverie.gpu.engine.StudentRolloutTask.StudentRolloutOutcome;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.method.TrajectorySettings;
import dev.reverie.gpu.trajectory.StudentLearningRate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;

/**
 * The student of trajectory matching and its learning rate. In each loop, the student follows a segment of the
 * trajectory of one of the experts trained so far. Belongs to the coordinator.
 */
final class StudentRollouts {

    /**
     * Part of the seed of a rollout's batches and augmentation. Without it, they would be drawn from the same numbers
     * as the expert and the segment.
     */
    private static final long STEPS = 1;

    private final DistillationSettings settings;
    private final TrajectorySettings trajectory;
    private final ExpertTrajectories experts;
    private final RunActors actors;
    private StudentLearningRate rate;

    StudentRollouts(
            DistillationSettings settings,
            TrajectorySettings trajectory,
            ExpertTrajectories experts,
            RunActors actors,
            Optional<StudentLearningRate> resumed) {
        this.settings = settings;
        this.trajectory = trajectory;
        this.experts = experts;
        this.actors = actors;
        this.rate = resumed.orElseGet(() -> StudentLearningRate.of(trajectory.rate()));
    }

    StudentLearningRate rate() {
        return rate;
    }

    /**
     * Trains the student on the current synthetic images of all classes, along a segment of a random expert trajectory.
     */
    CompletionStage<WorkerReply.Result<StudentRolloutOutcome>> rollOut(
            LoopPosition position, NetworkId network, List<ClassClient> classes) {
        RandomGenerator random = Seeds.generator(seed(position.outer(), position.inner()));
        int expert = random.nextInt(position.outer() + 1);
        int start = random.nextInt(trajectory.starts());
        double learningRate = rate.value();
        return actors.snapshots(classes)
                .thenApplyAsync(
                        snapshots -> {
                            List<ImageBatch> memory = snapshots.stream()
                                    .map(snapshot -> snapshot.images())
                                    .toList();
                            return new StudentRolloutTask(
                                    network,
                                    memory,
                                    experts.epoch(expert, start),
                                    experts.epoch(expert, start + trajectory.span()),
                                    learningRate,
                                    seed(position.outer(), position.inner(), STEPS));
                        },
                        actors.blocking())
                .thenCompose(actors.worker()::rollOut);
    }

    private long seed(long... coordinates) {
        return Seeds.of(settings.seed(), Seeds.Purpose.ROLLOUT, coordinates);
    }

    /**
     * Updates the student's learning rate after a rollout, and halves it if the student diverged.
     *
     * @return the reason why the loop must be skipped; empty if the loop continues
     */
    Optional<String> update(WorkerReply.Result<StudentRolloutOutcome> answer) {
        return switch (answer) {
            case WorkerReply.Completed<StudentRolloutOutcome>(var outcome, var seconds)
            when outcome.isFinite() -> {
                rate = rate.step(
                        outcome.learningRateGradient(),
                        trajectory.rateStep(),
                        settings.matching().momentum());
                yield Optional.empty();
            }
            case WorkerReply.Completed<StudentRolloutOutcome> diverged -> {
                rate = rate.halved();
                yield Optional.of("the student diverged, so its learning rate is halved from now on");
            }
            case WorkerReply.Failed<StudentRolloutOutcome>(var reason) ->
                Optional.of("the rollout of the student failed: " + reason);
        };
    }
}
