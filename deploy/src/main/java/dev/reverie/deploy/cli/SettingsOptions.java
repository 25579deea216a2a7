package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import dev.reverie.deploy.run.SetFormat;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.FactorRule;
import dev.reverie.gpu.method.MatchingSettings;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.Method.MethodDefinition;
import dev.reverie.gpu.method.NetworkSettings;
import dev.reverie.gpu.method.NetworkSettings.NetworkVariation;
import dev.reverie.gpu.method.Presets;
import dev.reverie.gpu.method.QuickMethodChoice;
import dev.reverie.gpu.method.QuickTimeLimit;
import dev.reverie.gpu.method.RepresentativeSettings;
import dev.reverie.gpu.method.ScheduleSettings;
import dev.reverie.gpu.select.SelectionRule;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The settings of a distillation: a preset, and the options that override it. */
final class SettingsOptions {

    /** The presets, which determine all settings that no option sets. */
    enum Preset {
        /** Aims at the best set within minutes on two cores. */
        QUICK(Method.DREAM_PLUS),
        /** The published settings. */
        PAPER(Method.DREAM);

        /** The method if none is named and the images do not choose another one. */
        private final Method method;

        Preset(Method method) {
            this.method = method;
        }
    }

    @Option(
            names = "--method",
            paramLabel = "M",
            description =
                    "Distillation method: dream, dream-plus, idc, dance, idm, dm, dsa, dc, mtt, tgdd, ridge, bptt, cafe,"
                            + " rded, tile, random, herding, k-center, k-means or forgetting (default: for --preset quick, tgdd if"
                            + " there are at least 20,000 training images of at most 32x32 pixels and 2 to 20 classes whose"
                            + " mean images differ little, dm if there are such classes of larger images, and no option sets a"
                            + " part of the method, otherwise dream-plus; for paper, dream).")
    Optional<Method> method = Optional.empty();

    @Mixin
    final SetSizeOptions size = new SetSizeOptions();

    @Option(
            names = "--preset",
            paramLabel = "P",
            defaultValue = "quick",
            description = "Preset for all settings that are not given: quick or paper (default: ${DEFAULT-VALUE}).")
    Preset preset = Preset.QUICK;

    @Mixin
    final NetworkOptions network = new NetworkOptions();

    @Option(
            names = "--outer-iterations",
            paramLabel = "N",
            description = "Number of outer iterations. Each consists of --inner-loops inner loops with a fresh"
                    + " matching network (for dm, with a fresh network per class step).")
    Optional<Integer> outerIterations = Optional.empty();

    @Option(
            names = "--inner-loops",
            paramLabel = "N",
            description = "Number of inner loops per outer iteration. Each inner loop visits every class.")
    Optional<Integer> innerLoops = Optional.empty();

    @Option(
            names = "--interval",
            paramLabel = "N",
            description = "Number of inner loops between two choices of representatives.")
    Optional<Integer> interval = Optional.empty();

    @Mixin
    final MethodPartOptions composition = new MethodPartOptions();

    @Mixin
    final StyleOptions style = new StyleOptions();

    @Mixin
    final ChoiceOptions chooser = new ChoiceOptions();

    @Option(
            names = "--candidates",
            paramLabel = "N",
            description = "Number of real images per class from which the initial images and the representatives are"
                    + " chosen.")
    Optional<Integer> candidates = Optional.empty();

    @Option(names = "--learning-rate", paramLabel = "R", description = "Step size of the synthetic images.")
    Optional<Double> learningRate = Optional.empty();

    @Option(
            names = "--unrolled",
            description = "For mtt: differentiate through all steps of the student, as in MTT, which takes about twice"
                    + " as long; --preset paper always does. By default, --preset quick treats the parameters before"
                    + " each step as constants, as in TESLA.")
    boolean unrolled;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Seed of all random choices (default: ${DEFAULT-VALUE}).")
    long seed;

    /** The method as far as it is known before any data is read: the images may still choose another one. */
    private Method method() {
        return method.orElse(preset.method);
    }

    /**
     * Returns the method that the images choose, unless it is named, or an option sets a part of it that may not suit
     * another method.
     */
    private Method method(Dataset dataset) {
        boolean open = method.isEmpty() && preset == Preset.QUICK && !setsPartOfMethod();
        return open ? QuickMethodChoice.of(dataset) : method();
    }

    private boolean setsPartOfMethod() {
        return Stream.of(network.networks, innerLoops, interval, candidates, learningRate)
                        .anyMatch(Optional::isPresent)
                || unrolled
                || composition.isSet()
                || chooser.isSet();
    }

    /** Returns a sentence about the method, if the images have chosen another one than the usual default. */
    Optional<String> choice(DistillationSettings settings) {
        return method.isEmpty() && settings.method() != preset.method
                ? Optional.of("Method " + settings.method().label()
                        + ", because the mean images of the classes differ little. To use another one, add --method.")
                : Optional.empty();
    }

    /**
     * Checks the options that can be checked before any data is read.
     *
     * @throws InputException if an option is out of range or cannot be used; the message names the first one
     */
    void check() {
        MethodDefinition parts = composition.of(method().composition());
        size.check();
        OptionCheck.range("--width", network.width, 1, 4096);
        OptionCheck.range("--outer-iterations", outerIterations, 0, OptionCheck.MANY);
        OptionCheck.range("--inner-loops", innerLoops, 1, OptionCheck.MANY);
        OptionCheck.range("--interval", interval, 1, OptionCheck.MANY);
        composition.check();
        chooser.check();
        style.check(method(), parts, ", or add --objective features");
        network.check(method(), parts, style.weights());
        OptionCheck.range("--candidates", candidates, 1, OptionCheck.MANY);
        OptionCheck.positive("--learning-rate", learningRate);
    }

    /**
     * Checks that the options of a new run have an effect, as far as that can be checked before any data is read. A run
     * that resumes must have the options with which it began, and an earlier release may have accepted more of them.
     *
     * @throws InputException if an option has no effect; the message names the first one
     */
    void checkEffects() {
        if (unrolled && !method().trainsStudent()) {
            throw new InputException(
                    "--unrolled is only for --method mtt, not for " + method().label() + ": omit the option");
        }
        if (network.networks.isPresent() && method().isGuidedByExperts()) {
            throw new InputException("--networks does not apply to --method " + method().label()
                    + ", whose networks are its experts: omit the option");
        }
        EffectCheck effects = new EffectCheck(method(), composition.of(method().composition()));
        effects.learning("--networks", network.networks);
        effects.learning("--learning-rate", learningRate);
        effects.learning("--outer-iterations", outerIterations);
        effects.learning("--inner-loops", innerLoops);
        effects.representatives("--interval", interval, SelectionRule::needsFeatures);
        effects.network("--width", network.width);
        effects.network("--architecture", network.architectures.stream().findFirst());
        composition.checkEffects(effects);
        chooser.checkEffects(method(), effects);
    }

    /**
     * Checks the remaining options like {@link #checkEffects()}.
     *
     * @param settings the settings that the options and the data have determined
     * @throws InputException if an option has no effect; the message names the first one
     */
    void checkEffects(DistillationSettings settings) {
        composition.checkDecoding(settings.factor());
        new EffectCheck(settings.method(), settings.composition()).candidates("--candidates", candidates);
    }

    /**
     * Checks that an option is only given for a method with expert trajectories.
     *
     * @throws InputException if the option is given with another method
     */
    void requireExperts(String option, boolean given) {
        if (given && !method().followsExperts()) {
            throw new InputException(option + " is only for --method mtt and tgdd"
                    + method.map(named -> ", not for " + named.label() + ": omit the option")
                            .orElse(": add one of them"));
        }
    }

    /**
     * Returns the settings for a dataset.
     *
     * @param format format of the distilled set, which determines the bytes that a stored image takes
     * @param timeLimit time limit of the run, to which the quick preset adapts
     * @throws InputException if a class has too few images, no image fits into the bytes, the set fits into no file, or
     *     the images are too small for the factor
     */
    DistillationSettings of(Dataset dataset, SetFormat format, Optional<Duration> timeLimit) {
        Method chosen = method(dataset);
        int defaultFactor = method.isPresent()
                ? Presets.defaultFactor(chosen)
                : FactorRule.of(size.bytesPerClass())
                        .factor(chosen, dataset.shape()); // of a chosen DM, as in a service
        SetSizeOptions.Size setSize = size.of(dataset, defaultFactor, format);
        DistillationSettings base =
                switch (preset) {
                    case QUICK -> {
                        DistillationSettings quick = Presets.quick(
                                dataset.name(), dataset.shape(), chosen, setSize.ipc(), setSize.factor(), seed);
                        yield timeLimit
                                .map(limit -> QuickTimeLimit.apply(
                                        quick,
                                        limit,
                                        outerIterations.isPresent() || innerLoops.isPresent(),
                                        network.architectureCount(),
                                        dataset.train().size()))
                                .orElse(quick);
                    }
                    case PAPER -> Presets.paper(dataset, chosen, setSize.ipc(), setSize.factor(), seed);
                };
        NetworkSettings networks = network.of(base.network(), dataset);
        return base.with()
                .composition(composition.of(base.composition()))
                .network(networks)
                .matching(matching(base.matching()))
                .style(style.weights())
                .representatives(representatives(base.representatives()))
                .schedule(chooser.of(schedule(base.schedule(), networks)))
                .trajectory(base.trajectory().map(student -> student.withUnrolled(unrolled || student.unrolled())))
                .build()
                .withExpertEpochsAtMost(dataset.train().size())
                .withForeign(chooser.network(dataset));
    }

    private MatchingSettings matching(MatchingSettings base) {
        return composition.of(base).withLearningRate(learningRate.orElse(base.learningRate()));
    }

    private RepresentativeSettings representatives(RepresentativeSettings base) {
        return composition
                .of(base)
                .withInterval(interval.orElse(base.interval()))
                .withCandidates(candidates.orElse(base.candidates()));
    }

    private ScheduleSettings schedule(ScheduleSettings base, NetworkSettings networks) {
        return base.with()
                .networkSamples(networks.variation() == NetworkVariation.REDRAWN ? 0 : base.networkSamples())
                .outerIterations(outerIterations.orElse(base.outerIterations()))
                .innerLoops(innerLoops.orElse(base.innerLoops()))
                .build();
    }
}
