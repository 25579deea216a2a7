package dev.reverie.gpu.evaluate;

import dev.reverie.gpu.augment.TrainingAugmentation;
import dev.reverie.gpu.network.BatchTrainer;
import dev.reverie.gpu.network.BatchTrainer.Sgd;
import dev.reverie.gpu.network.Classifier;
import dev.reverie.gpu.network.TrainingTargets;
import dev.reverie.gpu.select.RandomSelection;
import java.util.List;
import java.util.Optional;
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
    private final Optional<Classifier> teacher;
    private final BatchTrainer trainer;
    private final RandomGenerator random;
    private final TrainingAugmentation views;

    /**
     * Prepares the training of a network.
     *
     * @param teacher network whose logits on the same batches are additional targets; not changed
     */
    NetworkTraining(
            EvaluationTask task,
            Classifier network,
            Optional<Classifier> teacher,
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
    }

    /**
     * Trains on each image once, except for those that are replayed.
     *
     * @param epoch index of the epoch, from 0; call this method once per epoch, in order
     * @return the mean loss
     */
    double epoch(int epoch, EvaluationProgress progress) {
        if (recipe.resetsMomentumAt(epoch)) {
            network.resetMomentum();
        }
        List<Integer> order = RandomSelection.of(count, count, random.nextLong());
        Sgd sgd = new Sgd(recipe.learningRateAt(epoch), recipe.momentum(), recipe.weightDecay());
        double loss = 0;
        for (int start = 0; start < count; start += recipe.batch()) {
            List<Integer> batch = order.subList(start, Math.min(start + recipe.batch(), count));
            loss += batch.size() * step(withReplayed(batch), sgd);
            progress.step();
        }
        return loss / count;
    }

    private List<Integer> withReplayed(List<Integer> batch) {
        if (images.count() == count) {
            return batch;
        }
        IntStream replayed = random.ints(recipe.batch(), count, images.count());
        return Stream.concat(batch.stream(), replayed.boxed()).toList();
    }

    private double step(List<Integer> batch, Sgd sgd) {
        double[][] targets =
                batch.stream().map(index -> images.targets().apply(index)).toArray(double[][]::new);
        BatchTrainer.Batch seen = trainer.view(views, i -> images.images().apply(batch.get(i)), targets, random);
        TrainingTargets trainingTargets = teacher.map(
                        asked -> new TrainingTargets(seen.targets(), asked.logits(batch.size(), seen.images()::get)))
                .orElseGet(() -> TrainingTargets.of(seen.targets()));
        return network.step(seen.images()::get, trainingTargets, sgd);
    }
}
