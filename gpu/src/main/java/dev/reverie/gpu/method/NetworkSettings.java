package dev.reverie.gpu.method;

import io.soabase.recordbuilder.core.RecordBuilder.Initializer;
import java.util.Objects;

/**
 * The matching network, a ConvNet, and its training between two inner loops.
 *
 * @param width channels per block
 * @param depth number of blocks
 * @param learningRate learning rate of SGD
 * @param momentum momentum of SGD, in [0, 1)
 * @param weightDecay weight decay of SGD, at least 0
 * @param augmentation strategy for the training images, for example {@code color_crop}
 * @param mixProbability probability that cutmix is applied to a training batch, in [0, 1]
 * @param pool number of networks in the pool, which are those of the last outer iterations; each class step draws one
 *     of them, and only the newest is trained, unless they are a queue. With 1, every outer iteration replaces the
 *     network, as in IDC and DREAM
 * @param variation variation that a class step applies to the weights of the network that it draws
 */
@GenerateSettingsBuilder
public record NetworkSettings(
        int width,
        int depth,
        double learningRate,
        double momentum,
        double weightDecay,
        String augmentation,
        double mixProbability,

        @Initializer(value = "POOL", source = SettingsDefaults.class)
        int pool,

        @Initializer(value = "VARIATION", source = SettingsDefaults.class)
        NetworkVariation variation)
        implements NetworkSettingsBuilder.With {

    public NetworkSettings {
        Objects.requireNonNull(augmentation, "augmentation");
        Objects.requireNonNull(variation, "variation");
        SettingsRules.atLeast(1, width, "width");
        SettingsRules.atLeast(1, depth, "depth");
        SettingsRules.atLeast(1, pool, "pool");
        if (!(learningRate > 0)) {
            throw new IllegalArgumentException("the network learning rate must be positive, got " + learningRate);
        }
        SettingsRules.requireMomentum(momentum);
        if (!(weightDecay >= 0)) {
            throw new IllegalArgumentException("the weight decay must be at least 0, got " + weightDecay);
        }
        if (!(mixProbability >= 0 && mixProbability <= 1)) {
            throw new IllegalArgumentException(
                    "the cutmix probability must lie between 0 and 1, got " + mixProbability);
        }
    }
}
