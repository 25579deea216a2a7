package dev.reverie.gpu.method;

import dev.reverie.gpu.Labelled;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.network.Architecture;
import dev.reverie.gpu.network.ConvNetArchitecture;
import dev.reverie.gpu.network.ResNetArchitecture;
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

        @Initializer("POOL") int pool,

        @Initializer("VARIATION") NetworkVariation variation,

        @Initializer("ARCHITECTURES") List<MatchingArchitecture> architectures)
        implements NetworkSettingsBuilder.With {

    // the generated builder starts from these values
    public static final int POOL = 1;
    public static final NetworkVariation VARIATION = NetworkVariation.NONE;
    public static final List<MatchingArchitecture> ARCHITECTURES = List.of(MatchingArchitecture.CONVNET);

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

    /**
     * The architecture of the network of an outer iteration; those of a run take turns, one outer iteration each.
     *
     * @throws IllegalArgumentException if the images are too small for it; the message gives the reason
     */
    public Architecture architecture(int outer, ImageShape shape, int classes) {
        return architectureOf(outer).of(width, depth, shape, classes);
    }

    public MatchingArchitecture architectureOf(int outer) {
        return architectures.get(outer % architectures.size());
    }

    /**
     * Checks that the matching networks support images of a given shape.
     *
     * @throws IllegalArgumentException if the images are too small for an architecture; the message gives the reason
     */
    public void requireFitting(ImageShape shape, int classes) {
        for (int outer = 0; outer < architectures.size(); outer++) {
            architecture(outer, shape, classes);
        }
    }

    public boolean onlyConvNets() {
        return architectures.stream().allMatch(each -> each == MatchingArchitecture.CONVNET);
    }

    /** The ways in which a class step varies the weights of the network that it draws from the pool. */
    public enum NetworkVariation {
        /** The weights stay unchanged. */
        NONE,
        /**
         * The weights are mixed with the initial weights of the network, in a proportion drawn for each step (DANCE).
         */
        BLENDED,
        /** The weights are perturbed in two random directions, which are drawn for each step (Acc-DD, CVPR 2023). */
        PERTURBED,
        /** The weights are drawn again for each step, for methods that never train their networks (DM). */
        REDRAWN,
        /**
         * The weights stay unchanged, but the pool is a queue of networks at all stages of their training: after each
         * inner loop, a network drawn from the pool is trained instead of the newest one. The weight of the calibration
         * is multiplied by the training accuracy of the network of the step (IDM, CVPR 2023).
         */
        QUEUED
    }

    public enum MatchingArchitecture implements Labelled {
        /** The ConvNet of DC, IDC and DREAM. */
        CONVNET,
        /** IDC's ResNetAP-10 with instance normalisation, for objectives that compare no gradients. */
        RESNET_10;

        /**
         * The width of a ConvNet, as a multiple of that of the first block of a ResNet; both as published for CIFAR.
         */
        private static final int CONVNET_PER_RESNET = 4;

        /**
         * Returns the architecture of a network.
         *
         * @param width number of channels per block of a ConvNet, at least 1; the first block of a ResNet has a quarter
         * @param depth number of blocks of a ConvNet, at least 1
         * @throws IllegalArgumentException if the images are too small; the message gives the reason
         */
        public Architecture of(int width, int depth, ImageShape shape, int classes) {
            return switch (this) {
                case CONVNET -> new ConvNetArchitecture(shape, classes, width, depth);
                case RESNET_10 -> new ResNetArchitecture(shape, classes, Math.max(1, width / CONVNET_PER_RESNET));
            };
        }
    }
}
