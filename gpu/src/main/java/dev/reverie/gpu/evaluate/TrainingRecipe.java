package dev.reverie.gpu.evaluate;

/**
 * The training of evaluation networks: stochastic gradient descent with a learning rate schedule, augmentation drawn
 * for each image, and cutmix.
 *
 * @param epochs number of passes over the images, at least 1
 * @param batch number of images per step, at least 1; the last batch of an epoch may be smaller
 * @param learningRate initial learning rate, positive
 * @param momentum momentum, in [0, 1)
 * @param weightDecay weight decay, at least 0
 * @param augmentation augmentation strategy, for example {@code color_crop_flip_scale_rotate}
 * @param mixProbability probability that a batch is mixed, in [0, 1]
 * @param schedule learning rate schedule
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

    /** Creates a recipe with the learning rate schedule of IDC and DREAM. */
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
     * Returns the recipe for the published results of IDC and DREAM. No recipe has both cutmix and cutout.
     *
     * @param dataset name of the dataset on the command line; a dataset without published settings gets those of CIFAR
     * @param ipc number of stored images per class of the set
     * @param factor multi-formation factor of the set
     */
    public static TrainingRecipe published(String dataset, int ipc, int factor) {
        return switch (dataset) {
            case "mnist" -> factor > 1 ? standard("color_crop_scale_rotate", 0) : unmirrored();
            case "svhn" ->
                ipc == 1 && factor == 1
                        ? standard("color_crop_cutout_scale_rotate", 0)
                        : standard("color_crop_scale_rotate", 0.5);
            default -> standard("color_crop_flip_scale_rotate", 0.5);
        };
    }

    /**
     * Returns the recipe for the published results of DM and DSA: one transformation is drawn per batch, with separate
     * parameters for each image. Their programs train for 1,001 epochs if set to 1,000.
     *
     * @param dataset name of the dataset on the command line; a dataset without published settings gets those of CIFAR
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
     * Returns the recipe of a learner that sees a stream of images once, with plain gradient descent. It suits a
     * learner that replays a reservoir of real images (ADR 0046).
     *
     * @param dataset name of the dataset on the command line
     */
    public static TrainingRecipe online(String dataset) {
        String augmentation =
                switch (dataset) {
                    case "mnist", "svhn" -> "crop";
                    default -> "crop_flip";
                };
        return new TrainingRecipe(1, 64, 0.03, 0, 0, augmentation, 0, LearningRateSchedule.CONSTANT);
    }

    /** Returns the recipe of IDC and DREAM without mirrored images, which suits digits and letters, too. */
    public static TrainingRecipe unmirrored() {
        return standard("color_crop_scale_rotate", 0.5);
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

    /** Returns the same recipe with batches of another size. */
    public TrainingRecipe withBatch(int other) {
        return new TrainingRecipe(
                epochs, other, learningRate, momentum, weightDecay, augmentation, mixProbability, schedule);
    }

    /** Returns the same recipe with another augmentation. */
    public TrainingRecipe withAugmentation(String other) {
        return new TrainingRecipe(epochs, batch, learningRate, momentum, weightDecay, other, mixProbability, schedule);
    }

    /** Returns the same recipe without augmentation and cutmix. */
    public TrainingRecipe withoutAugmentation() {
        return new TrainingRecipe(epochs, batch, learningRate, momentum, weightDecay, "none", 0, schedule);
    }

    /**
     * Returns the same recipe with the number of epochs that comes closest to {@code steps} gradient steps.
     *
     * @param steps number of gradient steps, at least 1
     * @param images number of images in the set, at least 1
     */
    public TrainingRecipe withSteps(int steps, int images) {
        return withEpochs(Math.max(1, Math.round((float) steps / Math.ceilDiv(images, batch))));
    }

    /**
     * Returns the learning rate at a position in a training.
     *
     * @param position number of epochs or steps so far
     * @param length number of epochs or steps of the whole training
     */
    public double learningRateAt(int position, int length) {
        return learningRate * schedule.share(position, length);
    }
}
