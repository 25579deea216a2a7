package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.method.DistillationSettings.StyleWeights;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Method.MethodDefinition;
import dev.reverie.gpu.method.NetworkSettings;
import dev.reverie.gpu.method.NetworkSettings.MatchingArchitecture;
import dev.reverie.gpu.method.NetworkSettings.NetworkVariation;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

final class NetworkOptions {

    @Option(
            names = "--width",
            paramLabel = "W",
            description = "Channels of the matching network: those of each block of a ConvNet. The first block of a"
                    + " ResNet has a quarter of them, rounded down.")
    Optional<Integer> width = Optional.empty();

    @Option(
            names = "--architecture",
            paramLabel = "A",
            split = ",",
            description = "Architecture of the matching networks: convnet, or resnet-10 for objectives without"
                    + " gradients, such as that of tgdd; with both, separated by a comma, the new network (for tgdd, the"
                    + " expert) of each outer iteration has the next one (default: convnet).")
    List<MatchingArchitecture> architectures = List.of();

    @Option(
            names = "--networks",
            paramLabel = "S",
            description = "Matching networks: fresh uses newly drawn networks only; with pool, each class step draws"
                    + " one of the networks of the last five outer iterations and varies its weights slightly; with"
                    + " queue, it draws one as it is, and after each loop, a random one of them is trained instead of"
                    + " the newest; with random, each step draws a new one, which is never trained (default: pool for"
                    + " dance, queue for idm and ridge, random for dm, fresh for the others).")
    Optional<Kept> networks = Optional.empty();

    /**
     * Checks the options against the method.
     *
     * @param definition the parts of the method, of which options may have replaced some
     * @throws InputException if the method cannot use an architecture
     */
    void check(Method method, MethodDefinition definition, StyleWeights style) {
        if (!architectures.contains(MatchingArchitecture.RESNET_10)) {
            return;
        }
        String refusal = "--architecture " + MatchingArchitecture.RESNET_10.label() + " does not apply to ";
        if (method.needsConvNets()) {
            throw new InputException(refusal + "--method " + method.label()
                    + ", whose students are ConvNets: omit the option, or choose --method tgdd");
        }
        if (definition.matchesRealBatches() && definition.objective().matchesGradients()) {
            throw new InputException(
                    refusal + "the objective " + definition.objective().label()
                            + ", which matches gradients: add --method tgdd, dance, idm or dm, or --objective features");
        }
        if (style.present()) {
            throw new InputException(refusal + "style terms: omit --style-moments and --style-correlations");
        }
    }

    /**
     * Returns the settings with these options in place of those of the method.
     *
     * @throws InputException if the images are too small for an architecture
     */
    NetworkSettings of(NetworkSettings base, Dataset dataset) {
        NetworkSettings sized = base.withWidth(width.orElse(base.width()));
        NetworkSettings chosen =
                architectures.isEmpty() ? sized : fitting(sized.withArchitectures(architectures), dataset);
        return networks.map(kept -> kept.of(chosen)).orElse(chosen);
    }

    private static NetworkSettings fitting(NetworkSettings chosen, Dataset dataset) {
        try {
            chosen.requireFitting(dataset.shape(), dataset.classes());
            return chosen;
        } catch (IllegalArgumentException e) {
            throw new InputException("--architecture does not fit: " + e.getMessage());
        }
    }

    /** The number of architectures that take turns, at least 1. */
    int architectureCount() {
        return Math.max(1, architectures.size());
    }

    /** Which matching networks a run keeps, and how it uses them. */
    enum Kept {
        /** A single network, which is replaced in each outer iteration. */
        FRESH(1),
        /** The networks of the last outer iterations, of which the newest is trained. */
        POOL(5),
        /** The networks of the last outer iterations, of which a random one is trained after each loop. */
        QUEUE(5),
        /** A network that each step draws anew. */
        RANDOM(1);

        private final int count;

        Kept(int count) {
            this.count = count;
        }

        /**
         * Returns the settings of a method, changed to use these networks. The weights of the networks in a pool are
         * varied in each class step, because a pool with fixed weights gains little (Acc-DD). A method that has a queue
         * keeps the length of its queue.
         */
        NetworkSettings of(NetworkSettings base) {
            NetworkVariation published = base.variation();
            boolean queued = published == NetworkVariation.QUEUED;
            return switch (this) {
                case FRESH -> base.withPool(count).withVariation(queued ? NetworkVariation.NONE : published);
                case POOL ->
                    base.withPool(count)
                            .withVariation(
                                    published == NetworkVariation.BLENDED ? published : NetworkVariation.PERTURBED);
                case RANDOM -> base.withPool(count).withVariation(NetworkVariation.REDRAWN);
                case QUEUE -> queued ? base : base.withPool(count).withVariation(NetworkVariation.QUEUED);
            };
        }
    }
}
