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
import dev.reverie.gpu.engine.RolloutOutcome;
import dev.reverie.gpu.engine.RolloutTask;
import dev.reverie.gpu.engine.TrainOutcome;
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
 * The experts of a run, and the student that follows them: one expert is trained before the first loop of each outer
 * iteration, unless it is there from an earlier run, and in each loop the student walks a segment of one of those so
 * far. What an expert becomes depends on the seed and its number alone, so it makes no difference who trained it. Owned
 * by the coordinator.
 */
final class ExpertTrajectories {

    /** Each expert has epochs of the training order of its own, more than it reads. */
    private static final int EPOCHS_APART = 20;

    private final DistillationSettings settings;
    private final Trajectory trajectory;
    private final ExpertStore store;
    private final RunActors crew;
    private final List<List<float[]>> recorded = Collections.synchronizedList(new ArrayList<>());
    private Optional<NetworkTrainer> trainer = Optional.empty();
    private StudentLearningRate rate;

    ExpertTrajectories(
            DistillationSettings settings,
            Trajectory trajectory,
            ExpertStore store,
            RunActors crew,
            Optional<StudentLearningRate> resumed) {
        this.settings = settings;
        this.trajectory = trajectory;
        this.store = store;
        this.crew = crew;
        this.rate = resumed.orElseGet(() -> StudentLearningRate.of(trajectory.rate()));
    }

    /** The student's learning rate now. */
    StudentLearningRate rate() {
        return rate;
    }

    /** Whether an expert need not be trained any more. */
    boolean has(int expert) {
        return store.has(expert);
    }

    /** Real images that an expert is trained on until its parameters are kept the next time. */
    int untilKept(int before) {
        return trajectory.epochSamples() - before % trajectory.epochSamples();
    }

    /**
     * Trains an expert on, and keeps its parameters before the first epoch and after each. Fails if the training does:
     * a worker that starts anew has lost the network, and with it the trajectory.
     *
     * @param network its number is that of the outer iteration
     * @param samples at most {@link #untilKept}
     * @param before real images seen already
     * @param trainers makes a trainer that reads from a cursor on
     */
    CompletionStage<WorkerReply.Answer<TrainOutcome>> train(
            NetworkId network, int samples, int before, Function<Cursor, NetworkTrainer> trainers) {
        CompletionStage<Done> begun = CompletableFuture.completedStage(Done.getInstance());
        if (before == 0) {
            recorded.clear();
            trainer = Optional.of(trainers.apply(new Cursor((long) network.outer() << EPOCHS_APART, 0)));
            begun = record(network);
        }
        long draw = Seeds.of(settings.seed(), Seeds.Purpose.WARM_UP, network.outer(), before);
        NetworkTrainer training = trainer.orElseThrow();
        return begun.thenCompose(done -> training.trainOnce(network, samples, draw))
                .thenCompose(answer -> completed(answer))
                .thenCompose(answer -> samples == untilKept(before)
                        ? record(network)
                                .thenCompose(done -> keepIfWhole(network, answer))
                                .thenApply(done -> answer)
                        : CompletableFuture.completedStage(answer));
    }

    private static <T> CompletionStage<WorkerReply.Completed<T>> completed(WorkerReply.Answer<T> answer) {
        return switch (answer) {
            case WorkerReply.Completed<T> completed -> CompletableFuture.completedStage(completed);
            case WorkerReply.Failed<T>(var reason) ->
                CompletableFuture.failedStage(new DistillationException(
                        "an expert could not be trained: " + reason + "; resume to try again"));
        };
    }

    private CompletionStage<Done> record(NetworkId network) {
        return crew.worker()
                .exportNetwork(network)
                .thenCompose(ExpertTrajectories::<NetworkState>completed)
                .thenApply(answer -> {
                    recorded.add(answer.outcome().parameters());
                    return Done.getInstance();
                });
    }

    private CompletionStage<Done> keepIfWhole(NetworkId network, WorkerReply.Completed<TrainOutcome> answer) {
        int epoch = recorded.size() - 1;
        crew.telemetry()
                .on(new TelemetryEvent.ExpertTrained(
                        network.outer(),
                        epoch,
                        trajectory.epochs(),
                        answer.outcome().loss(),
                        answer.seconds()));
        if (epoch < trajectory.epochs()) {
            return CompletableFuture.completedStage(Done.getInstance());
        }
        List<List<float[]>> whole = List.copyOf(recorded);
        return CompletableFuture.supplyAsync(
                () -> {
                    store.keep(network.outer(), whole);
                    return Done.getInstance();
                },
                crew.blocking());
    }

    /** Lets the student walk over the synthetic images of all classes, as they are now. */
    CompletionStage<WorkerReply.Answer<RolloutOutcome>> walk(
            LoopPosition position, NetworkId network, List<ClassRef> members) {
        long draw = Seeds.of(settings.seed(), Seeds.Purpose.ROLLOUT, position.outer(), position.inner());
        RandomGenerator random = Seeds.generator(draw);
        int expert = random.nextInt(position.outer() + 1);
        int start = random.nextInt(trajectory.starts());
        double learningRate = rate.value();
        return crew.collector()
                .classes(members)
                .thenApplyAsync(
                        classes -> {
                            List<ImageBatch> memory = classes.stream()
                                    .map(snapshot -> snapshot.images())
                                    .toList();
                            return new RolloutTask(
                                    network,
                                    memory,
                                    store.epoch(expert, start),
                                    store.epoch(expert, start + trajectory.span()),
                                    learningRate,
                                    draw);
                        },
                        crew.blocking())
                .thenCompose(crew.worker()::walk);
    }

    /** Takes the step of the student's rate. */
    void learnFrom(RolloutOutcome outcome) {
        rate = rate.step(
                outcome.byRate(), trajectory.rateStep(), settings.matching().momentum());
    }

    /** The student diverged: from now on it is slower. */
    void slowDown() {
        rate = rate.halved();
    }
}
