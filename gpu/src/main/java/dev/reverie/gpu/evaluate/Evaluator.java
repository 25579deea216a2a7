package dev.reverie.gpu.evaluate;

import dev.reverie.gpu.augment.ImageMap;
import dev.reverie.gpu.augment.Normalise;
import dev.reverie.gpu.augment.TrainingViews;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.method.Draws;
import dev.reverie.gpu.method.Draws.Purpose;
import dev.reverie.gpu.network.Architecture;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.Trainer;
import dev.reverie.gpu.network.Trainer.Sgd;
import dev.reverie.gpu.select.RandomSelection;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Lanes;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Trains fresh ConvNets on a distilled set and tests them on real images (IDC's and DREAM's protocol). Not thread safe.
 */
public final class Evaluator implements AutoCloseable {

    private final Kernels kernels;
    private final Lanes lanes;
    private final Trainer trainer;

    private Evaluator(Kernels kernels, int lanes) {
        this.kernels = kernels;
        this.lanes = new Lanes(kernels, lanes);
        this.trainer = new Trainer(this.lanes);
    }

    /**
     * An evaluator on this build's device.
     *
     * @throws dev.reverie.gpu.tensor.DeviceException if the device cannot be used here
     */
    public static Evaluator open() {
        return new Evaluator(Device.kernels(), Device.lanes());
    }

    /**
     * An evaluator that leaves the other cores to others.
     *
     * @throws dev.reverie.gpu.tensor.DeviceException if the device cannot be used here
     */
    public static Evaluator openOnOneCore() {
        return new Evaluator(Device.kernels(), 1);
    }

    /**
     * Evaluates a set.
     *
     * @param test real images of the set's classes, not empty
     * @throws IllegalArgumentException if the test images differ in shape from the set's, or in their classes
     */
    public EvaluationReport evaluate(
            DistilledSet set, List<LabelledImage> test, EvaluationSettings settings, EvaluationProgress progress) {
        requireFitting(set, test);
        List<Double> last = new ArrayList<>();
        List<Double> best = new ArrayList<>();
        List<List<Double>> byClass = new ArrayList<>();
        for (int repeat = 0; repeat < settings.repeats(); repeat++) {
            List<Tally> tests = train(set, test, settings, repeat, progress);
            last.add(tests.getLast().accuracy());
            best.add(tests.stream().mapToDouble(Tally::accuracy).max().orElseThrow());
            byClass.add(tests.getLast().byClass());
        }
        return new EvaluationReport(last, best, byClass);
    }

    private static void requireFitting(DistilledSet set, List<LabelledImage> test) {
        if (test.isEmpty()) {
            throw new IllegalArgumentException("there are no test images to evaluate on");
        }
        ImageShape shape = set.images().shape();
        ImageShape testShape = test.getFirst().image().shape();
        if (!shape.equals(testShape)) {
            throw new IllegalArgumentException(
                    "the set holds " + shape + " images but the dataset has " + testShape + "; name the set's dataset");
        }
        int classes = set.classNames().size();
        if (test.stream().anyMatch(sample -> sample.label() >= classes)) {
            throw new IllegalArgumentException(
                    "the set has " + classes + " classes but the dataset has more; name the set's dataset");
        }
    }

    /** What one network gets right at its checkpoints. */
    private List<Tally> train(
            DistilledSet set,
            List<LabelledImage> test,
            EvaluationSettings settings,
            int repeat,
            EvaluationProgress progress) {
        RandomGenerator random = Draws.generator(Draws.of(settings.seed(), Purpose.EVALUATE, repeat));
        Architecture architecture =
                new Architecture(set.images().shape(), set.classNames().size(), settings.width(), settings.depth());
        List<Tally> tests = new ArrayList<>();
        try (ConvNet network = ConvNet.fresh(architecture, kernels, random)) {
            int epochs = settings.recipe().epochs();
            for (int epoch = 0; epoch < epochs; epoch++) {
                double loss = new Epoch(set, settings.recipe(), network, random).run(epoch, progress);
                progress.epoch(repeat, epoch + 1, epochs, loss);
                if (isCheckpoint(epoch + 1, epochs, settings.checkpoints())) {
                    tests.add(test(network, Normalise.of(set.normalisation(), architecture.input()), test));
                }
            }
        }
        return tests;
    }

    private static boolean isCheckpoint(int done, int epochs, int checkpoints) {
        return done * checkpoints / epochs > (done - 1) * checkpoints / epochs;
    }

    private Tally test(ConvNet network, ImageMap normalise, List<LabelledImage> test) {
        List<double[]> logits = trainer.logits(
                network, test.size(), i -> normalise.apply(test.get(i).image().values()));
        Tally tally = new Tally(network.architecture().classes());
        for (int i = 0; i < test.size(); i++) {
            int label = test.get(i).label();
            tally.add(label, largest(logits.get(i)) == label);
        }
        return tally;
    }

    private static int largest(double[] values) {
        int largest = 0;
        for (int k = 1; k < values.length; k++) {
            if (values[k] > values[largest]) {
                largest = k;
            }
        }
        return largest;
    }

    @Override
    public void close() {
        lanes.close();
    }

    /** One pass of a network over a set. */
    private final class Epoch {

        private final DistilledSet set;
        private final Recipe recipe;
        private final ConvNet network;
        private final RandomGenerator random;
        private final TrainingViews views;

        Epoch(DistilledSet set, Recipe recipe, ConvNet network, RandomGenerator random) {
            this.set = set;
            this.recipe = recipe;
            this.network = network;
            this.random = random;
            this.views = TrainingViews.of(
                    set.normalisation(),
                    recipe.augmentation(),
                    recipe.mixProbability(),
                    set.images().shape());
        }

        /** Returns the mean cross-entropy. */
        double run(int epoch, EvaluationProgress progress) {
            int count = set.images().count();
            List<Integer> order = RandomSelection.of(count, count, random.nextLong());
            Sgd sgd = new Sgd(recipe.learningRateAt(epoch), recipe.momentum(), recipe.weightDecay());
            double loss = 0;
            for (int start = 0; start < count; start += recipe.batch()) {
                List<Integer> batch = order.subList(start, Math.min(start + recipe.batch(), count));
                loss += batch.size() * step(batch, sgd);
                progress.step();
            }
            return loss / count;
        }

        private double step(List<Integer> batch, Sgd sgd) {
            double[][] targets = batch.stream().map(set::target).toArray(double[][]::new);
            return trainer.step(network, views, i -> set.images().values(batch.get(i)), targets, sgd, random);
        }
    }
}
