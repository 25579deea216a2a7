package dev.reverie.gpu.matching;

import dev.reverie.gpu.network.Activations;
import dev.reverie.gpu.network.ConvNetActivations.Cotangents;
import dev.reverie.gpu.network.ParameterSet;
import java.util.List;
import java.util.Optional;

/**
 * The contribution of a micro-batch to the quantities that a class step compares. For real images, only the
 * contribution is retained.
 */
sealed interface MicroBatchContribution {

    /** The gradient with respect to the weights; empty if gradients are not matched. */
    Optional<ParameterSet> gradient();

    /** The contribution to the statistic of the features, one array; empty if features are not matched. */
    List<double[]> features();

    /** The contribution to the style of each block; empty without style terms. */
    List<double[]> style();

    /** The contribution of real images. */
    record Real(Optional<ParameterSet> gradient, List<double[]> features, List<double[]> style)
            implements MicroBatchContribution {}

    /** The contribution of synthetic images, with what the backward pass to the images needs. */
    record Synthetic(
            Activations activations, Optional<Cotangents> cotangents, List<double[]> features, List<double[]> style)
            implements MicroBatchContribution {

        @Override
        public Optional<ParameterSet> gradient() {
            return cotangents.map(Cotangents::gradient);
        }
    }

    /** Returns the gradients of a batch, one per micro-batch. */
    static List<ParameterSet> gradients(List<MicroBatchContribution> batch) {
        return batch.stream()
                .map(MicroBatchContribution::gradient)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Returns the contributions of a batch to the statistic of the features, one per micro-batch. */
    static List<double[]> features(List<MicroBatchContribution> batch) {
        return batch.stream()
                .map(MicroBatchContribution::features)
                .flatMap(List::stream)
                .toList();
    }

    /** Returns the contributions of a batch to the styles of the blocks, one list per micro-batch. */
    static List<List<double[]>> styles(List<MicroBatchContribution> batch) {
        return batch.stream().map(MicroBatchContribution::style).toList();
    }
}
