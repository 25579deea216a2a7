package dev.reverie.gpu.evaluate;

import dev.reverie.gpu.augment.TrainingAugmentation;
import dev.reverie.gpu.method.GenerateSettingsBuilder;
import dev.reverie.gpu.tensor.Optimiser;
import java.util.Optional;

/**
 * The training of evaluation networks: gradient descent with a learning rate schedule, augmentation drawn for each
 * image, and cutmix.
 *
 * @param epochs number of passes over the images, at least 1
 * @param batch number of images per step, at least 1; the last batch of an epoch may be smaller
 * @param learningRate initial learning rate, positive
 * @param momentum momentum, in [0, 1)
 * @param weightDecay weight decay, at least 0
 * @param augmentation augmentation strategy, for example {@code color_crop_flip_scale_rotate}
 * @param mixProbability probability that a batch is mixed, in [0, 1]
 * @param observerTemperature temperature at which an {@link ObserverNetwork} labels each augmented batch, positive; if
 *     empty, the images have labels of their own
 */
@GenerateSettingsBuilder
public record TrainingRecipe(
        int epochs,
        int batch,
        double learningRate,
        double momentum,
        double weightDecay,
        String augmentation,
        double mixProbability,
        LearningRateSchedule schedule,
        OptimiserKind optimiser,
        Optional<Double> observerTemperature)
        implements TrainingRecipeBuilder.With {

    public enum OptimiserKind {
        SGD,
        /** AdamW, which uses no {@code momentum}, and decays neither biases nor the parameters of normalisations. */
        ADAM_W
    }

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
        if (!(mixProbability >= 0 && mixProbability <= 1)) {
            throw new IllegalArgumentException(
                    "the cutmix probability must lie between 0 and 1, got " + mixProbability);
        }
        if (observerTemperature.filter(temperature -> !(temperature > 0)).isPresent()) {
            throw new IllegalArgumentException(
                    "the temperature of an observer's labels must be positive, got " + observerTemperature.get());
        }
    }

    /** Returns a recipe with the momentum, the weight decay and the learning rate schedule of IDC and DREAM. */
    static TrainingRecipe sgd(int epochs, int batch, double learningRate, String augmentation, double mixProbability) {
        return new TrainingRecipe(
                epochs,
                batch,
                learningRate,
                0.9,
                5e-4,
                augmentation,
                mixProbability,
                LearningRateSchedule.THIRDS,
                OptimiserKind.SGD,
                Optional.empty());
    }

    /**
     * Returns the recipe for the published results of IDC and DREAM. No recipe has both cutmix and cutout. A dataset
     * without published settings gets those of CIFAR.
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
     * parameters for each image. Their programs train for 1,001 epochs if set to 1,000. A dataset without published
     * settings gets those of CIFAR.
     */
    public static TrainingRecipe oneTransformation(String dataset) {
        String augmentation =
                switch (dataset) {
                    case "mnist", "svhn" -> "color|crop|cutout|scale|rotate";
                    default -> "color|crop|cutout|flip|scale|rotate";
                };
        return sgd(1001, 256, 0.01, augmentation, 0).withSchedule(LearningRateSchedule.HALF);
    }

    /**
     * Returns the recipe of a learner that sees a stream of images once, with plain gradient descent. It suits a
     * learner that replays a reservoir of real images (ADR 0021).
     */
    public static TrainingRecipe online(String dataset) {
        String augmentation =
                switch (dataset) {
                    case "mnist", "svhn" -> "crop";
                    default -> "crop_flip";
                };
        return sgd(1, 64, 0.03, augmentation, 0)
                .with()
                .momentum(0)
                .weightDecay(0)
                .schedule(LearningRateSchedule.CONSTANT)
                .build();
    }

    /**
     * Returns the recipe for the published results of RDED: an observer labels each batch of whole mosaics, with
     * {@code factor} patches along each side, after these were augmented and mixed.
     */
    public static TrainingRecipe labelledByObserver(int ipc, int factor, int classes) {
        int batch = ipc < 10 ? 10 : ipc < 50 ? 50 : 100;
        return new TrainingRecipe(
                300,
                Math.min(classes * ipc, classes < 100 ? batch : 2 * batch),
                0.001,
                0,
                0.01,
                TrainingAugmentation.mosaicStrategy(factor),
                1,
                LearningRateSchedule.HALF_COSINE,
                OptimiserKind.ADAM_W,
                Optional.of(20.0));
    }

    /** Returns the recipe of IDC and DREAM without mirrored images, which suits digits and letters, too. */
    public static TrainingRecipe unmirrored() {
        return standard("color_crop_scale_rotate", 0.5);
    }

    private static TrainingRecipe standard(String augmentation, double mixProbability) {
        return sgd(1000, 64, 0.01, augmentation, mixProbability);
    }

    public TrainingRecipe withoutAugmentation() {
        return withAugmentation("none").withMixProbability(0);
    }

    /**
     * Returns the same recipe with the number of epochs that comes closest to as many gradient steps on as many images.
     */
    public TrainingRecipe withSteps(int steps, int images) {
        return withEpochs(Math.max(1, Math.round((float) steps / Math.ceilDiv(images, batch))));
    }

    /** Returns the optimiser at a position in a training, as {@link #learningRateAt} does the learning rate. */
    Optimiser optimiserAt(int position, int length) {
        double rate = learningRateAt(position, length);
        return switch (optimiser) {
            case SGD -> new Optimiser.Sgd(rate, momentum, weightDecay);
            case ADAM_W -> new Optimiser.AdamW(rate, weightDecay);
        };
    }

    /** Returns the learning rate at a position in a training, both counted in epochs or steps. */
    public double learningRateAt(int position, int length) {
        return learningRate * schedule.share(position, length);
    }
}
