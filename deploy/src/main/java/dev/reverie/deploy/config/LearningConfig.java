package dev.reverie.deploy.config;

import dev.reverie.actors.clustering.RefreshInterval;
import dev.reverie.actors.service.ServicePolicy;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.DistillationSettings.StyleWeights;
import dev.reverie.gpu.method.Initialiser;
import dev.reverie.gpu.method.MatchingSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Method.MethodDefinition;
import dev.reverie.gpu.method.Presets;
import dev.reverie.gpu.method.RepresentativeSettings;
import dev.reverie.gpu.method.ScheduleSettings;
import dev.reverie.gpu.select.SelectionRule;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The distillation settings of the service; the preset of the method for streams determines values that are empty.
 *
 * @param initialiser initial images; empty for those of the published method
 * @param factor multi-formation factor; empty if it depends on the images
 * @param width channels of each block of the matching network
 * @param selection rule that chooses the real batches
 * @param learningRate learning rate of the synthetic images, for 10 images of 28x28 pixels per class
 * @param averaging weight of the previous average in the running average of the images, in [0, 1)
 * @param policy policy that determines when each class is distilled, counts as converged, wakes and gets new
 *     representatives
 */
public record LearningConfig(
        Method method,
        Optional<Initialiser> initialiser,
        OptionalInt factor,
        Optional<Integer> width,
        long seed,
        Optional<Integer> innerLoops,
        Optional<Integer> representatives,
        Optional<SelectionRule> selection,
        Optional<Integer> candidates,
        int interval,
        Optional<Integer> networkSamples,
        int networkBatch,
        Optional<Double> learningRate,
        double averaging,
        StyleWeights style,
        ServicePolicy policy) {

    private static final String UP_TO_MILLION = "1 to 1000000";
    private static final String UP_TO_100_000 = "1 to 100000";
    private static final String WEIGHT = "0 to 1000000000";
    private static final String SHARE = "0.001 to 1";

    /**
     * The methods that can learn class by class from a stream. Coresets need all images of a class, and expert
     * trajectories need all classes.
     */
    private static final List<Method> METHODS = List.of(
            Method.DREAM, Method.DREAM_PLUS, Method.IDC, Method.DANCE, Method.DM, Method.DSA, Method.DC, Method.TILE);

    /** A dataset name for which no settings are published. */
    private static final String DATASET = "stream";

    static LearningConfig read(ConfigSection learning) {
        Method method = learning.oneOf("method", METHODS, Method::label);
        int interval = learning.integer("interval", UP_TO_100_000);
        Optional<SelectionRule> selection =
                learning.oneOfOrAuto("selection", SelectionRule.BATCHES, SelectionRule::label);
        learning.require(
                selection.isEmpty() || method.learns(),
                "selection",
                "it must be auto with method = tile, which matches no real images");
        return new LearningConfig(
                method,
                learning.oneOfOrAuto("init", Initialiser.FOR_LEARNING, Initialiser::label),
                factor(learning, method),
                learning.integerOrAuto("width", "1 to 1024"),
                learning.whole("seed"),
                learning.integerOrAuto("inner-loops", UP_TO_100_000),
                learning.integerOrAuto("representatives", UP_TO_100_000),
                selection,
                learning.integerOrAuto("candidates", UP_TO_MILLION),
                interval,
                learning.integerOrAuto("network-samples", "0 to 1000000"),
                learning.integer("network-batch", UP_TO_100_000),
                learning.decimalOrAuto("learning-rate", "greater than 0 and at most 1000"),
                learning.decimal("averaging", "0 to 0.9999"),
                style(learning, method),
                policy(learning, interval));
    }

    private static OptionalInt factor(ConfigSection learning, Method method) {
        return learning.integerOrAuto("factor", "1 to 8")
                .or(() -> method == Method.DM ? Optional.empty() : Optional.of(Presets.defaultFactor(method)))
                .map(OptionalInt::of)
                .orElse(OptionalInt.empty());
    }

    private static StyleWeights style(ConfigSection learning, Method method) {
        ConfigSection style = learning.at("style");
        StyleWeights weights =
                new StyleWeights(style.decimal("moments", WEIGHT), style.decimal("correlations", WEIGHT));
        MethodDefinition parts = method.composition();
        learning.require(
                !weights.present()
                        || (parts.matchesRealBatches() && !parts.objective().matchesGradients()),
                "method",
                "it must match features only, as dm and dance do, if reverie.learning.style has a weight above 0");
        return weights;
    }

    private static ServicePolicy policy(ConfigSection learning, int interval) {
        ConfigSection convergence = learning.at("convergence");
        return new ServicePolicy(
                learning.integer("min-images", UP_TO_MILLION),
                convergence.integer("patience", "1 to 10000"),
                convergence.decimal("improvement", "0 to 1"),
                learning.decimal("drift", "1.001 to 1000"),
                learning.integer("visit-every", UP_TO_100_000),
                new RefreshInterval(
                        Optional.of(interval),
                        learning.duration("refresh-period", "1 s to 1 d"),
                        learning.decimal("refresh-arrivals", SHARE),
                        learning.decimalOrAuto("refresh-share", SHARE)),
                learning.duration("idle", "10 ms to 1 m"));
    }

    /**
     * Returns the distillation settings for images of a given shape: the preset for streams with the configured values.
     *
     * @param ipc stored images per class
     * @param factor multi-formation factor of all images in the store
     */
    public DistillationSettings settings(ImageShape shape, int ipc, int factor) {
        DistillationSettings preset = Presets.stream(DATASET, shape, method, ipc, factor, seed);
        DistillationSettings settings = preset.withNetwork(
                        preset.network().withWidth(width.orElse(preset.network().width())))
                .withRepresentatives(representatives(preset.representatives()))
                .withMatching(matching(preset.matching(), shape, ipc))
                .withStyle(style)
                .withSchedule(schedule(preset.schedule()));
        return settings.withComposition(composition(settings.composition()));
    }

    private MethodDefinition composition(MethodDefinition preset) {
        MethodDefinition started = initialiser.map(preset::with).orElse(preset);
        return selection.map(started::with).orElse(started);
    }

    private RepresentativeSettings representatives(RepresentativeSettings preset) {
        return preset.withCount(representatives.orElse(preset.count()))
                .withInterval(interval)
                .withCandidates(candidates.orElse(preset.candidates()));
    }

    private ScheduleSettings schedule(ScheduleSettings preset) {
        return preset.withInnerLoops(innerLoops.orElse(preset.innerLoops()))
                .withNetworkSamples(networkSamples.orElse(preset.networkSamples()))
                .withNetworkBatch(networkBatch);
    }

    private MatchingSettings matching(MatchingSettings preset, ImageShape shape, int ipc) {
        return preset.withLearningRate(learningRate
                        .map(rate -> Presets.scaled(rate, shape, ipc))
                        .orElse(preset.learningRate()))
                .withAveraging(averaging);
    }
}
