package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.method.DistillationSettings.StyleWeights;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Method.MethodDefinition;
import dev.reverie.gpu.method.NetworkSettings;
import dev.reverie.gpu.method.NetworkSettings.MatchingArchitecture;
import java.util.List;
import picocli.CommandLine.Option;

/** The option that chooses the architectures of the matching networks. */
final class ArchitectureOption {

    @Option(
            names = "--architecture",
            paramLabel = "A",
            split = ",",
            description = "Architecture of the matching networks: convnet, or resnet-10 for objectives without"
                    + " gradients, such as that of tgdd; with both, separated by a comma, the new network (for tgdd, the"
                    + " expert) of each outer iteration has the next one (default: convnet).")
    List<MatchingArchitecture> architectures = List.of();

    /**
     * Checks the option against the method.
     *
     * @param definition the parts of the method, of which options may have replaced some
     * @throws InputException if the method cannot use an architecture
     */
    void check(Method method, MethodDefinition definition, StyleWeights style) {
        if (!architectures.contains(MatchingArchitecture.RESNET_10)) {
            return;
        }
        String refusal = "--architecture " + MatchingArchitecture.RESNET_10.label() + " does not apply to ";
        if (method.trainsStudent()) {
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
     * Returns settings with these architectures, if any are given.
     *
     * @throws InputException if the images are too small for an architecture
     */
    NetworkSettings of(NetworkSettings base, Dataset dataset) {
        if (architectures.isEmpty()) {
            return base;
        }
        NetworkSettings chosen = base.withArchitectures(architectures);
        try {
            chosen.requireFitting(dataset.shape(), dataset.classes());
        } catch (IllegalArgumentException e) {
            throw new InputException("--architecture does not fit: " + e.getMessage());
        }
        return chosen;
    }

    /** The number of architectures that take turns, at least 1. */
    int count() {
        return Math.max(1, architectures.size());
    }
}
