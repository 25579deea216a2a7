package dev.reverie.gpu.network;

import dev.reverie.gpu.dataset.ImageShape;
import java.util.List;
import java.util.stream.Stream;

/** The shape of a network: convolutions without bias, each followed by instance normalisation, and one linear layer. */
public sealed interface Architecture permits ConvNetArchitecture, ResNetArchitecture {

    ImageShape input();

    /** Number of outputs. */
    int classes();

    /** Number of blocks. */
    int depth();

    /** Length of the flattened output of the last block, the embedding. */
    int features();

    /** All convolutions, in the order of the parameters. */
    List<Convolution> convolutions();

    /** Returns the same architecture with another number of outputs. */
    Architecture withClasses(int classes);

    /** The number of values in each parameter tensor, in the order of {@link ParameterSet#tensors}. */
    default List<Integer> parameterLengths() {
        Stream<Integer> weights = convolutions().stream()
                .map(convolution -> convolution.out() * convolution.in() * convolution.side() * convolution.side());
        Stream<Integer> affines =
                convolutions().stream().flatMap(convolution -> Stream.of(convolution.out(), convolution.out()));
        Stream<Integer> classifier = Stream.of(classes() * features(), classes());
        return Stream.of(weights, affines, classifier).flatMap(part -> part).toList();
    }

    /** Zero padding of the first convolution: 3 for images with one channel, so that 28 pixels become 32, else 1. */
    static int firstPadding(ImageShape input) {
        return input.channels() == 1 ? 3 : 1;
    }

    /**
     * A convolution.
     *
     * @param side height and width of the kernel
     */
    record Convolution(int in, int out, int side) {}
}
