package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.InputException;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.DistillationSettings.Matching;
import dev.reverie.gpu.method.DistillationSettings.Network;
import dev.reverie.gpu.method.DistillationSettings.Representatives;
import dev.reverie.gpu.method.DistillationSettings.Schedule;
import dev.reverie.gpu.method.DistillationSettings.Trajectory;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.NetworkVariation;
import dev.reverie.gpu.method.Presets;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a set is distilled: a preset, and what is said otherwise. */
final class SettingsOptions {

    private static final int MANY = 1_000_000;

    /** The networks that are held at a time. */
    enum Networks {
        /** One, fresh at each outer iteration. */
        FRESH(1),
        /** Those of the last outer iterations. */
        POOL(5);

        private final int count;

        Networks(int count) {
            this.count = count;
        }

        /** A pool is one of little use where all steps see the same weights (Acc-DD). */
        private Network of(Network base) {
            Network network = base.withPool(count);
            return this == POOL && base.variation() != NetworkVariation.BLENDED
                    ? network.withVariation(NetworkVariation.PERTURBED)
                    : network;
        }
    }

    /** The starting points to choose from. */
    enum Preset {
        /** The best set within minutes on two cores. */
        QUICK(Method.DREAM_PLUS),
        /** As published. */
        PAPER(Method.DREAM);

        private final Method method;

        Preset(Method method) {
            this.method = method;
        }
    }

    @Option(
            names = "--method",
            paramLabel = "M",
            description =
                    "dream, dream-plus, idc, dance, dm, dsa, dc, mtt, rded, tile, random, herding, k-center, k-means or forgetting"
                            + " (default: dream-plus with --preset quick, dream with paper).")
    Optional<Method> method = Optional.empty();

    @Option(
            names = "--ipc",
            paramLabel = "N",
            defaultValue = "10",
            description = "Images stored per class (default: ${DEFAULT-VALUE}).")
    int ipc;

    @Option(
            names = "--factor",
            paramLabel = "F",
            description =
                    "Multi-formation: each stored image decodes to F*F (default: 2 for dream, dream-plus, idc, dance and tile, else 1).")
    Optional<Integer> factor = Optional.empty();

    @Option(
            names = "--preset",
            paramLabel = "P",
            defaultValue = "quick",
            description = "Where unsaid settings come from: quick or paper (default: ${DEFAULT-VALUE}).")
    Preset preset = Preset.QUICK;

    @Option(names = "--width", paramLabel = "W", description = "Channels of the matching network.")
    Optional<Integer> width = Optional.empty();

    @Option(
            names = "--networks",
            paramLabel = "S",
            description = "Which networks are matched on: fresh, one at a time, or pool, those of the last outer"
                    + " iterations by turns, their weights varied a little (default: pool for dance, else fresh).")
    Optional<Networks> networks = Optional.empty();

    @Option(
            names = "--outer-iterations",
            paramLabel = "N",
            description = "Of --inner-loops each, with a fresh matching network (with dm, one for each class step).")
    Optional<Integer> outerIterations = Optional.empty();

    @Option(names = "--inner-loops", paramLabel = "N", description = "Visits to every class per outer iteration.")
    Optional<Integer> innerLoops = Optional.empty();

    @Option(names = "--interval", paramLabel = "N", description = "Inner loops between two choices of representatives.")
    Optional<Integer> interval = Optional.empty();

    @Mixin
    final CompositionOptions composition = new CompositionOptions();

    @Option(
            names = "--candidates",
            paramLabel = "N",
            description = "Real images per class that are looked at to choose the representatives.")
    Optional<Integer> candidates = Optional.empty();

    @Option(names = "--learning-rate", paramLabel = "R", description = "Step size of the synthetic images.")
    Optional<Double> learningRate = Optional.empty();

    @Option(
            names = "--unrolled",
            description = "With mtt: take the gradient through all steps of the student (MTT) rather than with the"
                    + " parameters before each step as given (TESLA); about twice the work.")
    boolean unrolled;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "Of every random choice (default: ${DEFAULT-VALUE}).")
    long seed;

    private Method method() {
        return method.orElse(preset.method);
    }

    /**
     * Checks every number by itself, before any data is read.
     *
     * @throws InputException naming the first option out of range
     */
    void check() {
        requireStudent("--unrolled", unrolled);
        RangeCheck.check("--ipc", Optional.of(ipc), 1, MANY);
        RangeCheck.check("--factor", factor, 1, 16);
        RangeCheck.check("--width", width, 1, 4096);
        RangeCheck.check("--outer-iterations", outerIterations, 0, MANY);
        RangeCheck.check("--inner-loops", innerLoops, 1, MANY);
        RangeCheck.check("--interval", interval, 1, MANY);
        composition.check(method());
        RangeCheck.check("--candidates", candidates, 1, MANY);
        learningRate.filter(rate -> !(rate > 0) || rate.isInfinite()).ifPresent(rate -> {
            throw new InputException("--learning-rate is a positive number, not " + rate);
        });
    }

    /**
     * Checks that an option is only said where a student follows experts.
     *
     * @throws InputException if it is said with another method
     */
    void requireStudent(String option, boolean said) {
        if (said && !method().followsExperts()) {
            throw new InputException(option + " goes with --method mtt, not with " + method().label());
        }
    }

    /**
     * The settings for a dataset.
     *
     * @throws InputException if a class has too few images for them
     */
    DistillationSettings of(Dataset dataset) {
        int decoded = factor.orElseGet(() -> Presets.defaultFactor(method()));
        requireFactor(decoded, dataset.shape());
        DatasetSizeCheck.require(dataset, ipc, decoded);
        DistillationSettings base =
                switch (preset) {
                    case QUICK -> Presets.quick(dataset.name(), dataset.shape(), method(), ipc, decoded, seed);
                    case PAPER -> Presets.paper(dataset.name(), dataset.shape(), method(), ipc, decoded, seed);
                };
        Optional<Trajectory> trajectory = base.trajectory()
                .map(student ->
                        student.withEpochSamplesAtMost(dataset.train().size()).withUnrolled(unrolled));
        return base.with()
                .composition(composition.of(base.composition()))
                .network(network(base.network()))
                .matching(matching(base.matching()))
                .representatives(representatives(base.representatives()))
                .schedule(schedule(base.schedule(), trajectory))
                .trajectory(trajectory)
                .build();
    }

    private static void requireFactor(int factor, ImageShape shape) {
        int side = Math.min(shape.height(), shape.width());
        if (factor > side) {
            throw new InputException("--factor " + factor + " cuts images of " + shape
                    + " into less than pixels: choose at most " + side);
        }
    }

    private Network network(Network base) {
        Network network = base.withWidth(width.orElse(base.width()));
        return networks.map(held -> held.of(network)).orElse(network);
    }

    private Matching matching(Matching base) {
        return base.with()
                .distance(composition.distance(base))
                .learningRate(learningRate.orElse(base.learningRate()))
                .decoding(composition.decoding(base))
                .build();
    }

    private Representatives representatives(Representatives base) {
        return base.with()
                .count(composition.count(base))
                .interval(interval.orElse(base.interval()))
                .candidates(candidates.orElse(base.candidates()))
                .perCentroid(composition.perCentroid(base))
                .build();
    }

    private Schedule schedule(Schedule base, Optional<Trajectory> trajectory) {
        return base.with()
                .outerIterations(outerIterations.orElse(base.outerIterations()))
                .innerLoops(innerLoops.orElse(base.innerLoops()))
                .warmUpSamples(trajectory.map(Trajectory::samples).orElse(base.warmUpSamples()))
                .build();
    }
}
