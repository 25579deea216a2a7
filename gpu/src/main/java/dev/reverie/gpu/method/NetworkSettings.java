package dev.reverie.gpu.method;

import io.soabase.recordbuilder.core.RecordBuilder.Initializer;
import java.util.List;
import java.util.Objects;

/**
 * The matching network and its training between two inner loops.
 *
 * @param width channels per block of a ConvNet, at least 1; the first block of a ResNet has a quarter of them
 * @param depth number of blocks of a ConvNet, at least 1; a ResNet has four
 * @param learningRate learning rate of SGD, positive
 * @param momentum momentum of SGD, in [0, 1)
 * @param weightDecay weight decay of SGD, at least 0
 * @param augmentation strategy for the training images, for example {@code color_crop}
 * @param mixProbability probability that cutmix is applied to a training batch, in [0, 1]
 * @param pool number of networks in the pool, at least 1. Each class step draws one of them. The pool holds the
 *     networks of the last outer iterations and trains only the newest; with {@link NetworkVariation#QUEUED}, it is a
 *     queue, and any of its networks can be trained (IDM). With 1, each outer iteration replaces the network (IDC,
 *     DREAM)
 * @param variation variation that a class step applies to the weights of the network that it draws
 * @param architectures at least one architecture; the network that each outer iteration adds has the next one, again
 *     and again
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
        NetworkVariation variation,

        @Initializer(value = "ARCHITECTURES", source = SettingsDefaults.class)
        List<MatchingArchitecture> architectures)
        implements NetworkSettingsBuilder.With {

    public NetworkSettings {
        Objects.requireNonNull(augmentation, "augmentation");
        Objects.requireNonNull(variation, "variation");
        architectures = List.copyOf(architectures);
        if (architectures.isEmpty()) {
            throw new IllegalArgumentException("there must be at least one architecture of matching networks");
        }
        SettingsRules.atLeast(1, width, "width");
        SettingsRules.atLeast(1, depth, "depth");
        SettingsRules.atLeast(1, pool, "pool");
        SettingsRules.positive(learningRate, "the network learning rate");
        SettingsRules.decayFactor(momentum, "the momentum");
        SettingsRules.notNegative(weightDecay, "the weight decay");
        if (!(mixProbability >= 0 && mixProbability <= 1)) {
            throw new IllegalArgumentException(
                    "the cutmix probability must lie between 0 and 1, got " + mixProbability);
        }
    }

    /** The architecture of the network of an outer iteration. */
    public MatchingArchitecture architectureOf(int outer) {
        return architectures.get(outer % architectures.size());
    }

    /** Whether all networks are ConvNets. */
    public boolean onlyConvNets() {
        return architectures.stream().allMatch(each -> each == MatchingArchitecture.CONVNET);
    }
}
