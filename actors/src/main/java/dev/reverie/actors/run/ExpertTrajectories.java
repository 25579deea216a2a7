package dev.reverie.actors.run;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.classes.ClassRef;
import dev.reverie.actors.expert.ExpertStore;
import dev.reverie.actors.loop.NetworkTrainer;
import dev.reverie.actors.schedule.EpochSampler.Cursor;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.engine.NetworkId;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.StudentRolloutOutcome;
import dev.reverie.gpu.engine.StudentRolloutTask;
import dev.reverie.gpu.engine.TrainMatchingNetworkOutcome;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.DistillationSettings.Trajectory;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.trajectory.StudentLearningRate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.apache.pekko.Done;

/**
 * The expert trajectories of a run and the learning rate of the student that follows them. One expert is trained before
 * the first loop of each outer iteration, unless the store has that expert from an earlier run. In each loop, the
 * student follows a segment of the trajectory of one of the experts trained so far. An expert depends only on the seed
 * and its number, so an expert from an earlier run with the same seed gives the same result. Belongs to the
 * coordinator.
 */
final class ExpertTrajectories {

    /** Binary logarithm of the number of sampler epochs that are reserved for each expert, more than it needs. */
    private static final int EXPERT_EPOCH_BITS = 20;

    private final DistillationSettings settings;
    private final Trajectory trajectory;
    private final ExpertStore store;
    private final RunActors actors;
    private final List<List<float[]>> recorded = Collections.synchronizedList(new ArrayList<>());
    private Optional<NetworkTrainer> trainer = Optional.empty();
    private StudentLearningRate rate;

    ExpertTrajectories(
            DistillationSettings settings,
            Trajectory trajectory,
            ExpertStore store,
            RunActors actors,
            Optional<StudentLearningRate> resumed) {
        this.settings = settings;
        this.trajectory = trajectory;
        this.store = store;
        this.actors = actors;
        this.rate = resumed.orElseGet(() -> StudentLearningRate.of(trajectory.rate()));
    }

    /** The student's current learning rate. */
    StudentLearningRate rate() {
        return rate;
    }

    /** Whether the store has the trajectory of an expert. */
    boolean has(int expert) {
        return store.has(expert);
    }

    /** The number of real images left in the current epoch of an expert. */
    int untilEpochEnd(int before) {
        return trajectory.epochSamples() - before % trajectory.epochSamples();
    }

    /**
     * Continues the training of an expert and records its parameters before the first epoch and after each epoch. Fails
     * if the training fails, because a restarted worker has lost the network and with it the trajectory.
     *
     * @param network network of the outer iteration that has the same number as the expert
     * @param samples number of real images to train on, at most {@link #untilEpochEnd}
     * @param before number of real images that the expert was trained on so far
     * @param trainers creates a trainer that starts at a cursor
     */
    CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> train(
            NetworkId network, int samples, int before, Function<Cursor, NetworkTrainer> trainers) {
        CompletionStage<Done> beginning = CompletableFuture.completedStage(Done.getInstance());
        if (before == 0) {
            recorded.clear();
            trainer = Optional.of(trainers.apply(new Cursor((long) network.outer() << EXPERT_EPOCH_BITS, 0)));
            beginning = record(network);
        }
        long draw = Seeds.of(settings.seed(), Seeds.Purpose.WARM_UP, network.outer(), before);
        NetworkTrainer training = trainer.orElseThrow();
        return beginning
                .thenCompose(done -> training.trainOnce(network, samples, draw))
                .thenCompose(answer -> completed(answer))
                .thenCompose(answer -> samples == untilEpochEnd(before)
                        ? record(network)
                                .thenCompose(done -> storeIfComplete(network, answer))
                                .thenApply(done -> answer)
                        : CompletableFuture.completedStage(answer));
    }

    private static <T> CompletionStage<WorkerReply.Completed<T>> completed(WorkerReply.Result<T> answer) {
        return switch (answer) {
            case WorkerReply.Completed<T> completed -> CompletableFuture.completedStage(completed);
            case WorkerReply.Failed<T>(var reason) ->
                CompletableFuture.failedStage(new DistillationException(
                        "an expert could not be trained: " + reason + "; run again with --resume"));
        };
    }

    private CompletionStage<Done> record(NetworkId network) {
        return actors.worker()
                .exportNetwork(network)
                .thenCompose(ExpertTrajectories::<NetworkState>completed)
                .thenApply(answer -> {
                    recorded.add(answer.outcome().parameters());
                    return Done.getInstance();
                });
    }

    private CompletionStage<Done> storeIfComplete(
            NetworkId network, WorkerReply.Completed<TrainMatchingNetworkOutcome> answer) {
        int epoch = recorded.size() - 1;
        actors.telemetry()
                .on(new TelemetryEvent.ExpertTrained(
                        network.outer(),
                        epoch,
                        trajectory.epochs(),
                        answer.outcome().loss(),
                        answer.seconds()));
        if (epoch < trajectory.epochs()) {
            return CompletableFuture.completedStage(Done.getInstance());
        }
        List<List<float[]>> complete = List.copyOf(recorded);
        return CompletableFuture.supplyAsync(
                () -> {
                    store.put(network.outer(), complete);
                    return Done.getInstance();
                },
                actors.blocking());
    }

    /**
     * Trains the student on the current synthetic images of all classes, along a segment of a random expert trajectory.
     */
    CompletionStage<WorkerReply.Result<StudentRolloutOutcome>> rollOut(
            LoopPosition position, NetworkId network, List<ClassRef> classes) {
        long draw = Seeds.of(settings.seed(), Seeds.Purpose.ROLLOUT, position.outer(), position.inner());
        RandomGenerator random = Seeds.generator(draw);
        int expert = random.nextInt(position.outer() + 1);
        int start = random.nextInt(trajectory.starts());
        double learningRate = rate.value();
        return actors.collector()
                .snapshots(classes)
                .thenApplyAsync(
                        snapshots -> {
                            List<ImageBatch> memory = snapshots.stream()
                                    .map(snapshot -> snapshot.images())
                                    .toList();
                            return new StudentRolloutTask(
                                    network,
                                    memory,
                                    store.epoch(expert, start),
                                    store.epoch(expert, start + trajectory.span()),
                                    learningRate,
                                    draw);
                        },
                        actors.blocking())
                .thenCompose(actors.worker()::rollOut);
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
                        outcome.byRate(),
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
