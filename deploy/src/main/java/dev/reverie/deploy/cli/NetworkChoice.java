package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.text.Spelling;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.evaluate.EvaluationNetwork;
import dev.reverie.gpu.method.Presets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A network that is named on the command line.
 *
 * @param depth number of blocks of a ConvNet; empty if it suits the images, and for other networks
 */
public record NetworkChoice(EvaluationNetwork network, OptionalInt depth) {

    private static final String ALL = "all";
    private static final Pattern CONV_NET = Pattern.compile("convnet(?:-?([1-9]))?(-bn)?");

    /** Depth of the published evaluation networks for images of up to 32 pixels. */
    private static final int USUAL_DEPTH = 3;

    /** The networks that {@code all} stands for. */
    private static final List<NetworkChoice> ALL_NETWORKS = Arrays.stream(EvaluationNetwork.values())
            .map(network -> new NetworkChoice(network, OptionalInt.empty()))
            .toList();

    /**
     * Returns the networks in a comma-separated list of names.
     *
     * @throws InputException if a name is unknown
     */
    public static List<NetworkChoice> named(String names) {
        return Arrays.stream(names.split(",", -1))
                .map(String::strip)
                .flatMap(name -> name.equalsIgnoreCase(ALL) ? ALL_NETWORKS.stream() : Stream.of(one(name)))
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
                    Stream.ofNullable(convNet.group(1))
                            .mapToInt(Integer::parseInt)
                            .findFirst());
        }
        return ALL_NETWORKS.stream()
                .filter(choice -> !choice.network.isConvNet() && choice.label().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new InputException("unknown network '" + name
                        + "': write convnet-D or convnet-D-bn with D blocks, for example convnet-3, or"
                        + " convnet, convnet-bn, resnet-10, resnet-18, densenet, mlp or all"));
    }

    /** Returns the network for images of a given shape: a ConvNet has a depth. */
    public NetworkChoice suiting(ImageShape shape) {
        return network.isConvNet() ? new NetworkChoice(network, OptionalInt.of(depthFor(shape))) : this;
    }

    /**
     * Returns the depth of a ConvNet for images of a given shape: the one that the user has chosen, or a suitable one.
     */
    public int depthFor(ImageShape shape) {
        return depth.orElseGet(() -> suitableDepth(shape));
    }

    /**
     * Returns the depth that suits images of a given shape: that of the matching network, but at least three blocks, or
     * as many as fit.
     */
    static int suitableDepth(ImageShape shape) {
        int matching = Presets.depth(shape);
        return IntStream.iterate(USUAL_DEPTH, blocks -> blocks > matching, blocks -> blocks - 1)
                .filter(blocks -> fits(shape, blocks))
                .findFirst()
                .orElse(matching);
    }

    /** Whether a ConvNet with the given number of blocks fits images of a given shape. */
    static boolean fits(ImageShape shape, int blocks) {
        try {
            EvaluationNetwork.CONVNET.requireFitting(shape, 1, 1, blocks);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /**
     * Checks that the network fits images of a given shape.
     *
     * @throws InputException if the network does not fit; the message gives the reason
     */
    public void requireFitting(ImageShape shape, int classes, int width) {
        try {
            network.requireFitting(shape, classes, width, depthFor(shape));
        } catch (IllegalArgumentException e) {
            throw new InputException("--network " + label() + " does not fit: " + e.getMessage());
        }
    }

    /** Returns the name, for example {@code convnet-3-bn} or {@code resnet-10}. */
    public String label() {
        String blocks = depth.isPresent() ? "-" + depth.getAsInt() : "";
        return switch (network) {
            case CONVNET -> "convnet" + blocks;
            case CONVNET_BN -> "convnet" + blocks + "-bn";
            default -> Spelling.of(network);
        };
    }
}
