package dev.reverie.actors.run;

import dev.reverie.actors.expert.ExpertStore;
import dev.reverie.actors.loop.NetworkTrainer;
import dev.reverie.actors.schedule.EpochSampler.Cursor;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import dev.reverie.gpu.method.DistillationSettings.ExpertTraining;
import dev.reverie.gpu.method.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;

/**
 * The expert trajectories of a run. One expert is trained before the first loop of each outer iteration, unless the
 * store has that expert from an earlier run. An expert depends only on the seed and its number, so an expert from an
 * earlier run with the same seed gives the same result. Belongs to the coordinator.
 */
final class ExpertTrajectories {

    /** Binary logarithm of the number of sampler epochs that are reserved for each expert, more than it needs. */
    private static final int EXPERT_EPOCH_BITS = 20;

    private final long seed;
    private final ExpertTraining training;
    private final ExpertStore store;
    private final RunActors actors;
    private final List<List<float[]>> recorded = Collections.synchronizedList(new ArrayList<>());
    private Optional<NetworkTrainer> trainer = Optional.empty();

    ExpertTrajectories(long seed, ExpertTraining training, ExpertStore store, RunActors actors) {
        this.seed = seed;
        this.training = training;
        this.store = store;
        this.actors = actors;
    }

    boolean has(int expert) {
        return store.has(expert);
    }

    /**
     * The parameters of a trained expert after the given number of epochs. Reads a file, so call it on a thread that
     * may block.
     */
    List<float[]> epoch(int expert, int epoch) {
        return store.epoch(expert, epoch);
    }

    /** The number of real images left in the current epoch of an expert. */
    int untilEpochEnd(int before) {
        return training.untilEpochEnd(before);
    }

    /**
     * Continues the training of an expert and records its parameters before the first epoch and after each epoch. Fails
     * if the training fails, because a restarted worker has lost the network and with it the trajectory.
     *
     * @param network network of the outer iteration that has the same number as the expert
     * @param samples number of real images to train on, at most {@link #untilEpochEnd}
     * @param before number of real images that the expert was trained on so far
     * @param rateShare learning rate, as a fraction of the configured one
     * @param trainers creates a trainer that starts at a cursor
     */
    CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> train(
            NetworkId network, int samples, int before, double rateShare, Function<Cursor, NetworkTrainer> trainers) {
        CompletionStage<Done> beginning = CompletableFuture.completedStage(Done.getInstance());
        if (before == 0) {
            recorded.clear();
            trainer = Optional.of(trainers.apply(new Cursor((long) network.outer() << EXPERT_EPOCH_BITS, 0)));
            beginning = record(network);
        }
        long trainingSeed = Seeds.of(seed, Seeds.Purpose.WARM_UP, network.outer(), before);
        NetworkTrainer current = trainer.orElseThrow();
        return beginning
                .thenCompose(done -> current.trainOnce(network, samples, trainingSeed, rateShare))
                .thenApply(ExpertTrajectories::orThrow)
                .thenCompose(answer -> samples == untilEpochEnd(before)
                        ? record(network)
                                .thenCompose(done -> storeIfComplete(network, answer))
                                .thenApply(done -> answer)
                        : CompletableFuture.completedStage(answer));
    }

    private static <T> WorkerReply.Completed<T> orThrow(WorkerReply.Result<T> answer) {
        return answer.orThrow(reason -> "an expert could not be trained: " + reason + "; run again with --resume");
    }

    private CompletionStage<Done> record(NetworkId network) {
        return actors.worker().exportNetwork(network).thenApply(answer -> {
            recorded.add(orThrow(answer).outcome().parameters());
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
                        training.epochs(),
                        answer.outcome().loss(),
                        answer.seconds()));
        if (epoch < training.epochs()) {
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
}
