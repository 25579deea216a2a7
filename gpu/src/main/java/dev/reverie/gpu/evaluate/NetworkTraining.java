package dev.reverie.gpu.evaluate;

import dev.reverie.gpu.augment.TrainingAugmentation;
import dev.reverie.gpu.augment.TrainingAugmentation.TrainingBatch;
import dev.reverie.gpu.network.BatchTrainer;
import dev.reverie.gpu.network.Classifier;
import dev.reverie.gpu.network.Predictor;
import dev.reverie.gpu.network.TrainingTargets;
import dev.reverie.gpu.network.TrainingTargets.LossWeights;
import dev.reverie.gpu.select.RandomSelection;
import dev.reverie.gpu.tensor.Optimiser;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The training of one network, epoch by epoch. Not thread safe. */
final class NetworkTraining {

    private final TrainingImages images;
    /** Number of images that are not replayed; the replayed ones follow. */
    private final int count;

    private final TrainingRecipe recipe;
    private final Classifier network;
    private final Optional<? extends Predictor> teacher;
    private final BatchTrainer trainer;
    private final RandomGenerator random;
    private final TrainingAugmentation views;
    private final Optional<Integer> steps;
    private final LossWeights weights;

    /**
     * Prepares the training of a network. The logits of the teacher on the same batches are targets, too, or, if it is
     * an observer, the only ones.
     */
    NetworkTraining(
            EvaluationTask task,
            Classifier network,
            Optional<? extends Predictor> teacher,
            BatchTrainer trainer,
            RandomGenerator random) {
        this.images = task.replayed().map(task.images()::followedBy).orElse(task.images());
        this.count = task.images().count();
        this.recipe = task.settings().recipe();
        this.network = network;
        this.teacher = teacher;
        this.trainer = trainer;
        this.random = random;
        this.views = TrainingAugmentation.of(
                images.normalisation(), recipe.augmentation(), recipe.mixProbability(), images.shape());
        this.steps = task.settings().steps();
        this.weights =
                recipe.observerTemperature().map(LossWeights::onlyTeacher).orElse(LossWeights.RECALL);
    }

    /** Trains for all epochs; {@code afterEpoch} gets the number of epochs so far and that of all epochs. */
    void run(int repeat, EvaluationProgress progress, BiConsumer<Integer, Integer> afterEpoch) {
        int epochs = epochs();
        for (int epoch = 0; epoch < epochs; epoch++) {
            progress.epoch(repeat, epoch + 1, epochs, epoch(epoch, progress));
            afterEpoch.accept(epoch + 1, epochs);
        }
    }

    /** Number of epochs, the last of which may be incomplete. */
    private int epochs() {
        return steps.map(all -> Math.ceilDiv(all, stepsPerEpoch())).orElse(recipe.epochs());
    }

    private int stepsPerEpoch() {
        return Math.ceilDiv(count, recipe.batch());
    }

    /**
     * Trains on each image once, except for those that are replayed; the last of a number of steps ends the epoch
     * early. Returns the mean loss.
     */
    private double epoch(int epoch, EvaluationProgress progress) {
        List<Integer> order = RandomSelection.of(count, count, random.nextLong());
        int first = epoch * stepsPerEpoch();
        int end =
                Math.min(count, steps.map(all -> (all - first) * recipe.batch()).orElse(count));
        double loss = 0;
        int seen = 0;
        for (int start = 0; start < end; start += recipe.batch()) {
            List<Integer> batch = order.subList(start, Math.min(start + recipe.batch(), count));
            loss += batch.size()
                    * step(withReplayed(batch), optimiser(epoch, first + start / recipe.batch(), start == 0));
            seen += batch.size();
            progress.step();
        }
        return loss / seen;
    }

    /** The optimiser of a step, which restarts where the recipe says so. */
    private Optimiser optimiser(int epoch, int step, boolean beginsEpoch) {
        int position = steps.isPresent() ? step : epoch;
        int length = steps.orElse(recipe.epochs());
        if ((steps.isPresent() || beginsEpoch) && recipe.schedule().resetsOptimiser(position, length)) {
            network.resetOptimiser();
        }
        return recipe.optimiserAt(position, length);
    }

    private List<Integer> withReplayed(List<Integer> batch) {
        if (images.count() == count) {
            return batch;
        }
        IntStream replayed = random.ints(recipe.batch(), count, images.count());
        return Stream.concat(batch.stream(), replayed.boxed()).toList();
    }

    private double step(List<Integer> batch, Optimiser optimiser) {
        double[][] targets =
                batch.stream().map(index -> images.targets().apply(index)).toArray(double[][]::new);
        TrainingBatch seen = trainer.view(views, i -> images.images().apply(batch.get(i)), targets, random);
        TrainingTargets trainingTargets = teacher.map(asked ->
                        new TrainingTargets(seen.targets(), asked.logits(batch.size(), seen.images()::get), weights))
                .orElseGet(() -> TrainingTargets.of(seen.targets()));
        return network.step(seen.images()::get, trainingTargets, optimiser);
    }
}
