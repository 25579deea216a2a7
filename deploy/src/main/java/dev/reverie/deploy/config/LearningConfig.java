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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The distillation settings of the service.
 *
 * @param loop settings shared with {@code distill}
 * @param policy policy that determines when each class is distilled, counts as converged, wakes and gets new
 *     representatives
 */
public record LearningConfig(Loop loop, ServicePolicy policy) {

    private static final int HUNDRED_THOUSAND = 100_000;
    private static final int MILLION = 1_000_000;
    private static final int MAX_FACTOR = 8;
    private static final int MAX_WIDTH = 1024;
    private static final int MAX_PATIENCE = 10_000;

    private static final AllowedRange<Duration> REFRESH =
            AllowedRange.durations(Duration.ofSeconds(1), Duration.ofDays(1), "1 s to 1 d");
    private static final AllowedRange<Duration> IDLE =
            AllowedRange.durations(Duration.ofMillis(10), Duration.ofMinutes(1), "10 ms to 1 m");

    /**
     * The methods that can learn class by class from a stream. Coresets need all images of a class, and expert
     * trajectories need all classes.
     */
    private static final List<Method> METHODS = List.of(
            Method.DREAM, Method.DREAM_PLUS, Method.IDC, Method.DANCE, Method.DM, Method.DSA, Method.DC, Method.TILE);

    private static final AllowedRange<Double> WEIGHT = AllowedRange.decimals(0, 1e9, "0 to 1000000000");

    /** A dataset name for which no settings are published. */
    private static final String DATASET = "stream";

    /**
     * The settings of the inner loops; the preset of the method for streams determines values that are empty.
     *
     * @param initialiser initial images; empty for those of the published method
     * @param selection rule that chooses the real batches
     * @param factor multi-formation factor; empty if it depends on the images
     * @param width channels of each block of the matching network
     * @param learningRate learning rate of the synthetic images, for 10 images of 28x28 pixels per class
     * @param averaging weight of the previous average in the running average of the images, in [0, 1)
     * @param style weights of the style terms
     */
    public record Loop(
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
            StyleWeights style) {

        static Loop read(ConfigSection learning) {
            Method method = learning.oneOf("method", METHODS, Method::label);
            Optional<SelectionRule> selection =
                    learning.oneOfOrAuto("selection", SelectionRule.BATCHES, SelectionRule::label);
            learning.require(
                    selection.isEmpty() || method.learns(),
                    "selection",
                    "it must be auto with method = tile, which matches no real images");
            return new Loop(
                    method,
                    learning.oneOfOrAuto("init", Initialiser.FOR_LEARNING, Initialiser::label),
                    factor(learning, method),
                    learning.integerOrAuto("width", 1, MAX_WIDTH),
                    learning.whole("seed", AllowedRange.any()),
                    learning.integerOrAuto("inner-loops", 1, HUNDRED_THOUSAND),
                    learning.integerOrAuto("representatives", 1, HUNDRED_THOUSAND),
                    selection,
                    learning.integerOrAuto("candidates", 1, MILLION),
                    learning.integer("interval", 1, HUNDRED_THOUSAND),
                    learning.integerOrAuto("network-samples", 0, MILLION),
                    learning.integer("network-batch", 1, HUNDRED_THOUSAND),
                    learning.decimalOrAuto(
                            "learning-rate",
                            AllowedRange.decimals(Double.MIN_VALUE, 1000, "greater than 0 and at most 1000")),
                    learning.decimal("averaging", AllowedRange.decimals(0, 0.9999, "0 to 0.9999")),
                    style(learning, method));
        }

        private static OptionalInt factor(ConfigSection learning, Method method) {
            return learning.integerOrAuto("factor", 1, MAX_FACTOR)
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
    }

    static LearningConfig read(ConfigSection learning) {
        Loop loop = Loop.read(learning);
        return new LearningConfig(loop, policy(learning, loop.interval()));
    }

    private static ServicePolicy policy(ConfigSection learning, int interval) {
        ConfigSection convergence = learning.at("convergence");
        return new ServicePolicy(
                learning.integer("min-images", 1, MILLION),
                convergence.integer("patience", 1, MAX_PATIENCE),
                convergence.decimal("improvement", AllowedRange.decimals(0, 1, "0 to 1")),
                learning.decimal("drift", AllowedRange.decimals(1.001, 1000, "1.001 to 1000")),
                learning.integer("visit-every", 1, HUNDRED_THOUSAND),
                new RefreshInterval(
                        Optional.of(interval),
                        learning.duration("refresh-period", REFRESH),
                        learning.decimal("refresh-arrivals", AllowedRange.decimals(0.001, 1, "0.001 to 1")),
                        learning.decimalOrAuto("refresh-share", AllowedRange.decimals(0.001, 1, "0.001 to 1"))),
                learning.duration("idle", IDLE));
    }

    /**
     * Returns the distillation settings for images of a given shape: the preset for streams with the configured values.
     *
     * @param ipc stored images per class
     * @param learned multi-formation factor of all images in the store; empty if they choose it
     */
    public DistillationSettings settings(ImageShape shape, int ipc, OptionalInt learned) {
        OptionalInt known = loop.factor().isPresent() ? loop.factor() : learned;
        int factor = known.orElse(Presets.streamFactor(loop.method(), shape));
        DistillationSettings preset = Presets.stream(DATASET, shape, loop.method(), ipc, factor, loop.seed());
        DistillationSettings settings = preset.withNetwork(preset.network()
                        .withWidth(loop.width().orElse(preset.network().width())))
                .withRepresentatives(representatives(preset.representatives()))
                .withMatching(matching(preset.matching(), shape, ipc))
                .withStyle(loop.style())
                .withSchedule(schedule(preset.schedule()));
        return settings.withComposition(composition(settings.composition()));
    }

    private MethodDefinition composition(MethodDefinition preset) {
        MethodDefinition started = loop.initialiser().map(preset::with).orElse(preset);
        return loop.selection().map(started::with).orElse(started);
    }

    private RepresentativeSettings representatives(RepresentativeSettings preset) {
        return preset.withCount(loop.representatives().orElse(preset.count()))
                .withInterval(loop.interval())
                .withCandidates(loop.candidates().orElse(preset.candidates()));
    }

    private ScheduleSettings schedule(ScheduleSettings preset) {
        return preset.withInnerLoops(loop.innerLoops().orElse(preset.innerLoops()))
                .withNetworkSamples(loop.networkSamples().orElse(preset.networkSamples()))
                .withNetworkBatch(loop.networkBatch());
    }

    private MatchingSettings matching(MatchingSettings preset, ImageShape shape, int ipc) {
        return preset.withLearningRate(loop.learningRate()
                        .map(rate -> Presets.scaled(rate, shape, ipc))
                        .orElse(preset.learningRate()))
                .withAveraging(loop.averaging());
    }
}
