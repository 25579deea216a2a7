package dev.reverie.gpu.matching;

import dev.reverie.gpu.augment.TrainingAugmentation;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.OneHotLabels;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.TrainMatchingNetworkOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.method.NetworkSettings;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.network.BatchTrainer;
import dev.reverie.gpu.network.BatchTrainer.Sgd;
import dev.reverie.gpu.network.ConvNet;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Trains the networks of a pool: the newest one, or one that is drawn from the pool.
 *
 * @param views preparation of the real images
 * @param recipe learning rate, momentum and weight decay
 */
record PoolTraining(NetworkPool pool, BatchTrainer trainer, TrainingAugmentation views, NetworkSettings recipe) {

    /**
     * Performs the steps of a task. If an image cannot be read, the network stays as it was.
     *
     * @param check called before each step; an exception that it throws ends the training
     */
    TrainMatchingNetworkOutcome train(TrainMatchingNetworkTask task, Runnable check) {
        ConvNet network = task.drawn() ? pool.any(task.network(), task.seed()) : pool.newest(task.network());
        boolean readable = task.batches().stream().flatMap(List::stream).allMatch(sample -> sample.image()
                .inMemory());
        if (readable) {
            return train(network, task, check);
        }
        NetworkState before = pool.state(network);
        try {
            return train(network, task, check);
        } catch (DatasetException unreadable) {
            pool.reset(network, before);
            throw unreadable;
        }
    }

    private TrainMatchingNetworkOutcome train(ConvNet network, TrainMatchingNetworkTask task, Runnable check) {
        RandomGenerator random = Seeds.generator(task.seed());
        Sgd sgd = new Sgd(recipe.learningRate() * task.rateShare(), recipe.momentum(), recipe.weightDecay());
        double loss = 0;
        double correct = 0;
        int seen = 0;
        for (List<LabelledImage> batch : task.batches()) {
            check.run();
            int[] labels = batch.stream().mapToInt(LabelledImage::label).toArray();
            double[][] targets = OneHotLabels.of(labels, network.architecture().classes());
            BatchTrainer.Outcome step =
                    trainer.step(network, views, i -> batch.get(i).image().values(), targets, sgd, random);
            loss += step.loss();
            correct += step.accuracy() * batch.size();
            seen += batch.size();
        }
        pool.trained(network, correct / seen);
        return new TrainMatchingNetworkOutcome(loss / task.batches().size());
    }
}
