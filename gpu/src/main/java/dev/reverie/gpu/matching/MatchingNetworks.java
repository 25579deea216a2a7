package dev.reverie.gpu.matching;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.engine.NetworkId;
import dev.reverie.gpu.method.MatchingArchitecture;
import dev.reverie.gpu.method.NetworkSettings;
import dev.reverie.gpu.network.Architecture;
import dev.reverie.gpu.network.ConvNetArchitecture;
import dev.reverie.gpu.network.ResNetArchitecture;

/** The architectures of the matching networks. */
public final class MatchingNetworks {

    /** The width of a ConvNet, as a multiple of that of the first block of a ResNet; both are published for CIFAR. */
    private static final int CONVNET_PER_RESNET = 4;

    private MatchingNetworks() {}

    /**
     * Checks that the matching networks support images of a given shape.
     *
     * @throws IllegalArgumentException if the images are too small for an architecture; the message gives the reason
     */
    public static void requireFitting(NetworkSettings settings, ImageShape shape, int classes) {
        for (int turn = 0; turn < settings.architectures().size(); turn++) {
            architecture(settings, shape, new NetworkId(turn, classes));
        }
    }

    /** Returns the architecture of a network; those of a run take turns, one outer iteration each. */
    static Architecture architecture(NetworkSettings settings, ImageShape shape, NetworkId id) {
        return architecture(
                settings.architectureOf(id.outer()), settings.width(), settings.depth(), shape, id.classes());
    }

    /**
     * Returns the architecture of a network.
     *
     * @param width number of channels per block of a ConvNet, at least 1; the first block of a ResNet has a quarter
     * @param depth number of blocks of a ConvNet, at least 1
     * @throws IllegalArgumentException if the images are too small; the message gives the reason
     */
    public static Architecture architecture(
            MatchingArchitecture kind, int width, int depth, ImageShape shape, int classes) {
        return switch (kind) {
            case CONVNET -> new ConvNetArchitecture(shape, classes, width, depth);
            case RESNET_10 -> new ResNetArchitecture(shape, classes, Math.max(1, width / CONVNET_PER_RESNET));
        };
    }
}
