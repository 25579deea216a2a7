package dev.reverie.gpu.evaluate;

/**
 * How evaluation networks are trained: stochastic gradient descent with a learning rate schedule, augmentation drawn
 * per image, and cutmix.
 *
 * @param epochs passes over the set, at least 1
 * @param batch images per step, at least 1; the last one of an epoch may be smaller
 * @param learningRate initial learning rate, positive
 * @param momentum in [0, 1)
 * @param weightDecay at least 0
 * @param augmentation strategy, for example {@code color_crop_flip_scale_rotate}
 * @param mixProbability that a batch is mixed, in [0, 1]
 * @param schedule of the learning rate
 */
public record TrainingRecipe(
        int epochs,
        int batch,
        double learningRate,
        double momentum,
        double weightDecay,
        String augmentation,
        double mixProbability,
        LearningRateSchedule schedule) {

    public TrainingRecipe {
        if (epochs < 1 || batch < 1) {
            throw new IllegalArgumentException(
                    "a recipe needs at least 1 epoch and batches of at least 1 image, got " + epochs + " and " + batch);
        }
        if (!(learningRate > 0) || !(momentum >= 0 && momentum < 1) || !(weightDecay >= 0)) {
            throw new IllegalArgumentException(
                    "a recipe needs a positive learning rate, a momentum in [0, 1) and a weight"
                            + " decay of at least 0, got " + learningRate + ", " + momentum + " and " + weightDecay);
        }
    }

    /** A recipe with the learning rate schedule of IDC and DREAM. */
    public TrainingRecipe(
            int epochs,
            int batch,
            double learningRate,
            double momentum,
            double weightDecay,
            String augmentation,
            double mixProbability) {
        this(
                epochs,
                batch,
                learningRate,
                momentum,
                weightDecay,
                augmentation,
                mixProbability,
                LearningRateSchedule.THIRDS);
    }

    /**
     * The recipe for the published results of IDC and DREAM. Cutmix replaces cutout, so no strategy has both.
     *
     * @param dataset name on the command line; a dataset without published settings gets those of CIFAR
     * @param ipc stored images per class of the set
     * @param factor multi-formation factor of the set
     */
    public static TrainingRecipe published(String dataset, int ipc, int factor) {
        return switch (dataset) {
            case "mnist" -> standard("color_crop_scale_rotate", factor > 1 ? 0 : 0.5);
            case "svhn" ->
                ipc == 1 && factor == 1
                        ? standard("color_crop_cutout_scale_rotate", 0)
                        : standard("color_crop_scale_rotate", 0.5);
            default -> standard("color_crop_flip_scale_rotate", 0.5);
        };
    }

    /**
     * The recipe for the published results of DM and DSA: one transformation is drawn per batch, with its own
     * parameters for each image. Their 1,000 epochs are 1,001 by our count.
     *
     * @param dataset name on the command line; a dataset without published settings gets those of CIFAR
     */
    public static TrainingRecipe oneTransformation(String dataset) {
        String flipped = "color|crop|cutout|flip|scale|rotate";
        String upright = "color|crop|cutout|scale|rotate";
        String augmentation =
                switch (dataset) {
                    case "mnist", "svhn" -> upright;
                    default -> flipped;
                };
        return new TrainingRecipe(1001, 256, 0.01, 0.9, 5e-4, augmentation, 0, LearningRateSchedule.HALF);
    }

    /**
     * The recipe for a small network that is trained for a few hundred steps, found by experiment on memories of
     * Fashion-MNIST: a higher rate, and weaker augmentation that is also suitable for digits.
     */
    public static TrainingRecipe brief() {
        return new TrainingRecipe(1000, 64, 0.05, 0.9, 5e-4, "color_crop", 0);
    }

    private static TrainingRecipe standard(String augmentation, double mixProbability) {
        return new TrainingRecipe(1000, 64, 0.01, 0.9, 5e-4, augmentation, mixProbability);
    }

    /** Returns the same recipe with another number of epochs. */
    public TrainingRecipe withEpochs(int other) {
        return new TrainingRecipe(
                other, batch, learningRate, momentum, weightDecay, augmentation, mixProbability, schedule);
    }

    /** Returns the same recipe with another learning rate. */
    public TrainingRecipe withLearningRate(double other) {
        return new TrainingRecipe(epochs, batch, other, momentum, weightDecay, augmentation, mixProbability, schedule);
    }

    /** Returns the same recipe with another learning rate schedule. */
    public TrainingRecipe with(LearningRateSchedule other) {
        return new TrainingRecipe(
                epochs, batch, learningRate, momentum, weightDecay, augmentation, mixProbability, other);
    }

    /** Returns the same recipe without augmentation and cutmix. */
    public TrainingRecipe withoutAugmentation() {
        return new TrainingRecipe(epochs, batch, learningRate, momentum, weightDecay, "none", 0, schedule);
    }

    /**
     * Returns the same recipe with the number of epochs whose gradient steps are closest to the given number.
     *
     * @param steps at least 1
     * @param images of the set, at least 1
     */
    public TrainingRecipe withSteps(int steps, int images) {
        return withEpochs(Math.max(1, Math.round((float) steps / Math.ceilDiv(images, batch))));
    }

    /**
     * The learning rate during an epoch.
     *
     * @param epoch from 0
     */
    public double learningRateAt(int epoch) {
        return learningRate * schedule.share(epoch, epochs);
    }

    /** Whether an epoch, from 0, begins with a new optimiser. */
    boolean resetsMomentumAt(int epoch) {
        return schedule.resetsMomentum(epoch, epochs);
    }
}
