package dev.reverie.actors.run;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.checkpoint.RunCheckpoint;
import dev.reverie.actors.classes.ClassClient;
import dev.reverie.actors.loop.NetworkTrainer;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import dev.reverie.gpu.evaluate.LearningRateSchedule;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Initialiser;
import dev.reverie.gpu.method.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.apache.pekko.Done;

/**
 * Trains the network that selects the initial images of a run, and checks that no other network selected them: the
 * engine of a worker that has failed does not have the trained one. If this network is an observer, which also labels
 * the images, it belongs to the result. Belongs to the coordinator.
 */
final class SelectionTraining {

    /**
     * Number of parts into which the training for the forgetting initialiser is split; forgetting is recorded after
     * each part.
     */
    private static final int FORGETTING_PARTS = 20;

    private final DistillationSettings settings;
    private final RunActors actors;
    private final int samples;
    private Optional<List<float[]>> trained;

    /**
     * Prepares the training.
     *
     * @param resumed checkpoint of a resumed run, which has the observer
     */
    SelectionTraining(DistillationSettings settings, RunActors actors, Optional<RunCheckpoint> resumed) {
        this.settings = settings;
        this.actors = actors;
        this.samples = settings.schedule().selectionSamples();
        this.trained = resumed.filter(_ -> settings.trainsObserver()).map(checkpoint -> checkpoint.networks().stream()
                .findFirst()
                .map(NetworkState::parameters)
                .orElseThrow(() -> new DistillationException(
                        "the checkpoint does not contain the observer: start a new run, without --resume")));
    }

    /** Trains the network, unless the method selects its initial images by an untrained one. */
    CompletionStage<Done> train(NetworkId network, NetworkTrainer trainer, List<ClassClient> classes) {
        if (!settings.method().initialisesByTrainedNetwork() || samples == 0) {
            return CompletableFuture.completedStage(Done.getInstance());
        }
        if (settings.trainsObserver()) {
            WarmUp training = new WarmUp(samples, LearningRateSchedule.THIRDS, Optional.empty());
            return trainObserver(network, trainer, training, 0).thenCompose(done -> keep(network));
        }
        return settings.composition().initialiser() == Initialiser.FORGETTING
                ? trainRecordingForgetting(network, trainer, classes, 0)
                : trainer.train(network, samples, Seeds.of(settings.seed(), Seeds.Purpose.FEATURES), 1)
                        .thenApply(SelectionTraining::orThrow)
                        .thenCompose(done -> keep(network));
    }

    /** Trains in parts and records after each part which images the network classifies correctly. */
    private CompletionStage<Done> trainRecordingForgetting(
            NetworkId network, NetworkTrainer trainer, List<ClassClient> classes, int part) {
        if (part == FORGETTING_PARTS) {
            return CompletableFuture.completedStage(Done.getInstance());
        }
        long seed = Seeds.of(settings.seed(), Seeds.Purpose.FEATURES, part);
        return trainer.trainOnce(network, Math.ceilDiv(samples, FORGETTING_PARTS), seed, 1)
                .thenApply(SelectionTraining::orThrow)
                .thenCompose(done -> keep(network))
                .thenCompose(done -> actors.initialiser().recordForgetting(classes, network))
                .thenCompose(done -> confirm(network))
                .thenCompose(done -> trainRecordingForgetting(network, trainer, classes, part + 1));
    }

    /**
     * Trains an observer in parts, at a falling learning rate. A part is not tried again, because the network of a new
     * engine would be untrained.
     */
    private CompletionStage<Done> trainObserver(
            NetworkId network, NetworkTrainer trainer, WarmUp training, int before) {
        int part = training.part(before, WarmUp.MAX_PART);
        if (part == 0) {
            return CompletableFuture.completedStage(Done.getInstance());
        }
        long seed = Seeds.of(settings.seed(), Seeds.Purpose.FEATURES, before);
        return trainer.trainOnce(network, part, seed, training.rateShare(before))
                .thenApply(SelectionTraining::orThrow)
                .thenCompose(done -> {
                    actors.telemetry().on(new TelemetryEvent.ObserverTrained(before + part, samples));
                    return trainObserver(network, trainer, training, before + part);
                });
    }

    private static Done orThrow(WorkerReply.Result<TrainMatchingNetworkOutcome> answer) {
        return RunNetworks.orThrow(answer, "the network that selects the initial images could not be trained");
    }

    private CompletionStage<Done> keep(NetworkId network) {
        return export(network).thenApply(parameters -> {
            trained = Optional.of(parameters);
            return Done.getInstance();
        });
    }

    private CompletionStage<List<float[]>> export(NetworkId network) {
        return actors.worker()
                .exportNetwork(network)
                .thenApply(answer ->
                        answer.orThrow(reason -> "the trained network could not be read: " + reason + "; run again"))
                .thenApply(exported -> exported.outcome().parameters());
    }

    /** Fails if the worker no longer has the trained network, because then another one may have selected images. */
    CompletionStage<Done> confirm(NetworkId network) {
        return confirm(network, "run again");
    }

    private CompletionStage<Done> confirm(NetworkId network, String advice) {
        if (trained.isEmpty()) {
            return CompletableFuture.completedStage(Done.getInstance());
        }
        List<float[]> expected = trained.get();
        return export(network)
                .thenCompose(current -> areEqual(current, expected)
                        ? CompletableFuture.completedStage(Done.getInstance())
                        : CompletableFuture.failedStage(new DistillationException(
                                "the worker failed and lost the network that selects the initial images: " + advice)));
    }

    /** The parameters of the observer, if the method has one; fails if the worker has lost it. */
    CompletionStage<Optional<List<float[]>>> observer(NetworkId network) {
        return settings.trainsObserver()
                ? confirm(network, "run again, with --resume if the images were already chosen")
                        .thenApply(done -> trained)
                : CompletableFuture.completedStage(Optional.empty());
    }

    private static boolean areEqual(List<float[]> left, List<float[]> right) {
        return left.size() == right.size()
                && IntStream.range(0, left.size()).allMatch(i -> Arrays.equals(left.get(i), right.get(i)));
    }
}
