package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.evaluate.EvaluationNetwork;
import dev.reverie.gpu.method.Presets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A network that is named on the command line.
 *
 * @param depth number of blocks of a ConvNet, or {@link #BY_IMAGE_SIZE}; ignored for other networks
 */
record NetworkChoice(EvaluationNetwork network, int depth) {

    private static final String ALL = "all";
    private static final Pattern CONV_NET = Pattern.compile("convnet(?:-?([1-9]))?(-bn)?");

    /** The depth that suits the images: 3 for sides of up to 32 pixels, 4 for 64. */
    private static final int BY_IMAGE_SIZE = 0;

    /** Minimum depth of a ConvNet whose depth the user has not chosen. */
    static final int LEAST_DEPTH = 3;

    /** The networks that {@code all} stands for. */
    private static final List<NetworkChoice> TABLE = List.of(
            new NetworkChoice(EvaluationNetwork.CONVNET, BY_IMAGE_SIZE),
            new NetworkChoice(EvaluationNetwork.CONVNET_BN, BY_IMAGE_SIZE),
            new NetworkChoice(EvaluationNetwork.RESNET_10, BY_IMAGE_SIZE),
            new NetworkChoice(EvaluationNetwork.RESNET_18, BY_IMAGE_SIZE),
            new NetworkChoice(EvaluationNetwork.DENSENET, BY_IMAGE_SIZE),
            new NetworkChoice(EvaluationNetwork.MLP, BY_IMAGE_SIZE));

    /**
     * Returns the networks in a comma-separated list of names.
     *
     * @throws InputException if a name is unknown
     */
    static List<NetworkChoice> named(String names) {
        return Arrays.stream(names.split(",", -1))
                .map(String::strip)
                .flatMap(name -> name.equalsIgnoreCase(ALL) ? TABLE.stream() : Stream.of(one(name)))
                .distinct()
                .toList();
    }

    private static NetworkChoice one(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        Matcher convNet = CONV_NET.matcher(wanted);
        if (convNet.matches()) {
            EvaluationNetwork kind =
                    convNet.group(2) == null ? EvaluationNetwork.CONVNET : EvaluationNetwork.CONVNET_BN;
            return new NetworkChoice(
                    kind,
                    Optional.ofNullable(convNet.group(1)).map(Integer::valueOf).orElse(BY_IMAGE_SIZE));
        }
        return TABLE.stream()
                .filter(choice -> !choice.network.isConvNet() && choice.label().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new InputException("unknown network '" + name
                        + "': write convnet-D or convnet-D-bn with D blocks, for example convnet-3, or"
                        + " convnet, convnet-bn, resnet-10, resnet-18, densenet, mlp or all"));
    }

    /** Returns the network whose depth suits images of a given shape, unless the user has chosen the depth. */
    NetworkChoice suiting(ImageShape shape) {
        return depth == BY_IMAGE_SIZE ? new NetworkChoice(network, Math.max(LEAST_DEPTH, Presets.depth(shape))) : this;
    }

    /**
     * Checks that the network fits images of a given shape.
     *
     * @throws InputException if the network does not fit; the message gives the reason
     */
    void requireFitting(ImageShape shape, int classes, int width) {
        try {
            network.requireFitting(shape, classes, width, depth);
        } catch (IllegalArgumentException e) {
            throw new InputException("--network " + label() + " does not fit: " + e.getMessage());
        }
    }

    /** Returns the name, for example {@code convnet-3-bn} or {@code resnet-10}. */
    String label() {
        return switch (network) {
            case CONVNET -> "convnet-" + depth;
            case CONVNET_BN -> "convnet-" + depth + "-bn";
            default -> network.name().toLowerCase(Locale.ROOT).replace('_', '-');
        };
    }
}
