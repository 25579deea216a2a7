package dev.reverie.gpu.matching;

import dev.reverie.gpu.augment.TrainingAugmentation;
import dev.reverie.gpu.augment.TrainingAugmentation.TrainingBatch;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.dataset.OneHotLabels;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainedNetwork;
import dev.reverie.gpu.method.NetworkSettings;
import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.network.BatchTrainer;
import dev.reverie.gpu.network.Network;
import dev.reverie.gpu.network.SequentialTraining;
import dev.reverie.gpu.tensor.Optimiser.Sgd;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Trains the networks of a pool: the newest one, or one that is drawn from the pool. */
final class PoolTraining implements AutoCloseable {

    private final NetworkPool pool;
    private final BatchTrainer trainer;
    private final TrainingAugmentation views;
    private final NetworkSettings recipe;
    private final SequentialTraining steps;
    /** Is kept, because a device has recorded the steps of this one. */
    private Optional<Network> copy = Optional.empty();

    /** Trains nothing yet; the recipe has the learning rate, momentum and weight decay. */
    PoolTraining(NetworkPool pool, BatchTrainer trainer, TrainingAugmentation views, NetworkSettings recipe) {
        this.pool = pool;
        this.trainer = trainer;
        this.views = views;
        this.recipe = recipe;
        this.steps = new SequentialTraining(trainer);
    }

    /**
     * Performs the steps of a task. If an image cannot be read, the network stays as it was. An exception that
     * {@code check} throws before a step ends the training.
     */
    TrainMatchingNetworkOutcome train(TrainMatchingNetworkTask task, Runnable check) {
        Network network = network(task);
        boolean readable = task.batches().stream().flatMap(List::stream).allMatch(sample -> sample.image()
                .inMemory());
        if (readable) {
            return trainInPlace(network, task, check);
        }
        NetworkState before = pool.state(network);
        try {
            return trainInPlace(network, task, check);
        } catch (DatasetException unreadable) {
            pool.adopt(network, before);
            throw unreadable;
        }
    }

    Network network(TrainMatchingNetworkTask task) {
        return task.drawn() ? pool.any(task.network(), task.seed()) : pool.newest(task.network());
    }

    private TrainMatchingNetworkOutcome trainInPlace(Network network, TrainMatchingNetworkTask task, Runnable check) {
        BatchTrainer.Outcome outcome = train(network, task, check);
        pool.trained(network, outcome.accuracy());
        return new TrainMatchingNetworkOutcome(outcome.loss());
    }

    /** Performs the steps of a task, as {@link #train} does, on a copy of the network. */
    TrainedNetwork trainCopy(TrainMatchingNetworkTask task, Runnable check) {
        Network network = network(task);
        Network twin = copy(network);
        BatchTrainer.Outcome outcome = train(twin, task, check);
        return new TrainedNetwork(outcome.loss(), pool.state(network, twin, outcome.accuracy()));
    }

    private Network copy(Network network) {
        if (copy.filter(twin -> twin.architecture().equals(network.architecture()))
                .isPresent()) {
            network.copyTo(copy.get());
        } else {
            close();
            copy = Optional.of(network.copy());
        }
        return copy.get();
    }

    /** Performs the steps of a task; returns the mean loss and accuracy of the steps. */
    private BatchTrainer.Outcome train(Network network, TrainMatchingNetworkTask task, Runnable check) {
        RandomGenerator random = Seeds.generator(task.seed());
        Sgd sgd = new Sgd(recipe.learningRate() * task.rateShare(), recipe.momentum(), recipe.weightDecay());
        Iterator<TrainingBatch> batches = trainer.prepare(task.batches().stream()
                .<Supplier<TrainingBatch>>map(batch -> () -> view(batch, network, random))
                .toList());
        return steps.train(network, batches, sgd, check);
    }

    private TrainingBatch view(List<LabelledImage> batch, Network network, RandomGenerator random) {
        int classes = network.architecture().classes();
        double[][] targets = batch.stream()
                .map(sample -> OneHotLabels.of(sample.label(), classes))
                .toArray(double[][]::new);
        return trainer.view(views, i -> batch.get(i).image().values(), targets, random);
    }

    @Override
    public void close() {
        steps.close();
        copy.ifPresent(Network::close);
        copy = Optional.empty();
    }
}
