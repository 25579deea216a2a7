package dev.reverie.gpu.matching;

import dev.reverie.gpu.network.Activations;
import dev.reverie.gpu.network.ConvNetActivations.Cotangents;
import dev.reverie.gpu.network.ParameterSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The contribution of a micro-batch to the quantities that a class step compares.
 *
 * @param gradient gradient with respect to the weights; empty if gradients are not matched
 * @param features contribution to the statistic of the features; empty if features are not matched
 * @param style contribution to the style of each block; empty without style terms
 * @param passes what the backward pass to the images needs; empty for real images
 */
record MicroBatchContribution(
        Optional<ParameterSet> gradient,
        Optional<double[]> features,
        List<double[]> style,
        Optional<NetworkPasses> passes) {

    /** The results of the forward pass and, if gradients are matched, of the backward pass. */
    record NetworkPasses(Activations activations, Optional<Cotangents> cotangents) {}

    static <T> List<T> parts(List<MicroBatchContribution> batch, Function<MicroBatchContribution, Optional<T>> part) {
        return batch.stream().map(part).flatMap(Optional::stream).toList();
    }
}
