package dev.reverie.gpu.matching;

import dev.reverie.gpu.augment.AffineImageTransform;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.engine.SelectTask;
import dev.reverie.gpu.engine.SelectTask.SelectOutcome;
import dev.reverie.gpu.foreign.ForeignModel;
import dev.reverie.gpu.network.BatchTrainer;
import dev.reverie.gpu.network.Network;
import dev.reverie.gpu.select.Coresets;
import dev.reverie.gpu.select.Features;
import dev.reverie.gpu.select.KMeans;
import dev.reverie.gpu.select.MeanDiscrepancy;
import dev.reverie.gpu.select.RandomSelection;
import dev.reverie.gpu.select.StratifiedSelection;
import dev.reverie.gpu.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Chooses some of the real images of a class, by the features of a matching network, which is asked for only if they
 * are needed, or of a network of another program.
 */
record SelectionStep(
        SelectTask task,
        Supplier<Network> network,
        Optional<ForeignModel> foreign,
        BatchTrainer trainer,
        AffineImageTransform normalise) {

    /** Chooses images by the rule of the task. */
    SelectOutcome run() {
        int available = task.candidates().size();
        return switch (task.selection()) {
            case IN_ORDER ->
                withoutFeatures(IntStream.range(0, task.count()).boxed().toList());
            case RANDOM -> withoutFeatures(RandomSelection.of(available, task.count(), task.seed()));
            case HERDING -> chosen(embedNormalised(), features -> Coresets.herding(features, task.count()));
            case K_CENTER -> chosen(embedNormalised(), features -> Coresets.kCenter(features, task.count()));
            case K_MEANS, K_MEANS_CORE -> cluster();
            case STRATIFIED -> stratify();
            case CENTRAL -> chosen(embedRaw(), features -> Coresets.nearestToMean(features, task.count()));
            case BOUNDARY -> chosen(embedRaw(), features -> Coresets.farthestFromMean(features, task.count()));
        };
    }

    private static SelectOutcome withoutFeatures(List<Integer> indices) {
        return new SelectOutcome(indices, Double.NaN, OptionalDouble.empty());
    }

    /**
     * Clusters the features of raw images, which are neither normalised nor augmented, as in the reference
     * implementation.
     */
    private SelectOutcome cluster() {
        try (Tensor points = embedRaw()) {
            int each = Math.min(task.perCentroid(), task.count());
            int clusters = task.count() / each;
            KMeans.Clustering clustering = KMeans.cluster(points, clusters, each, trainer.threads(), task.seed());
            List<Integer> chosen =
                    switch (task.selection()) {
                        case K_MEANS_CORE -> clustering.core();
                        default -> task.weighted() ? clustering.weighted() : clustering.representatives();
                    };
            return new SelectOutcome(chosen, clustering.inertia(), discrepancy(points, chosen));
        }
    }

    /** Orders all candidates by their clusters. The discrepancy is that of a batch with one of each stratum. */
    private SelectOutcome stratify() {
        try (Tensor points = embedRaw()) {
            KMeans.Clustering clustering = KMeans.cluster(points, task.count(), 1, trainer.threads(), task.seed());
            List<Integer> order = StratifiedSelection.order(clustering, Features.of(points));
            List<Integer> batch = StratifiedSelection.batch(order.size(), task.count(), 0, task.seed()).stream()
                    .map(order::get)
                    .toList();
            return new SelectOutcome(order, clustering.inertia(), discrepancy(points, batch));
        }
    }

    /** Chooses images by their features, and frees these. */
    private SelectOutcome chosen(Tensor features, Function<Features, List<Integer>> choice) {
        try (Tensor points = features) {
            List<Integer> chosen = choice.apply(Features.of(points));
            return new SelectOutcome(chosen, Double.NaN, discrepancy(points, chosen));
        }
    }

    private OptionalDouble discrepancy(Tensor points, List<Integer> chosen) {
        return OptionalDouble.of(
                MeanDiscrepancy.of(points, chosen, trainer.threads().kernels()));
    }

    private Tensor embedRaw() {
        return foreign.map(this::embed).orElseGet(() -> trainer.embedRaw(network.get(), task.candidates()));
    }

    /** The features of a network of another program, which has a normalisation of its own. */
    private Tensor embed(ForeignModel model) {
        List<Image> candidates = task.candidates();
        double[][] rows = model.rows(candidates.size(), i -> candidates.get(i).values());
        Tensor features = trainer.threads().kernels().allocate(rows.length, rows[0].length);
        features.setRows(rows);
        return features;
    }

    private Tensor embedNormalised() {
        if (foreign.isPresent()) {
            return embed(foreign.get());
        }
        List<Image> candidates = task.candidates();
        return trainer.embed(
                network.get(),
                candidates.size(),
                i -> normalise.apply(candidates.get(i).values()));
    }
}
