package dev.reverie.gpu.method;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings.Network;
import dev.reverie.gpu.objective.GradientDistance;

/** Settings to start from, for a dataset named as on the command line. */
public final class Presets {

    static final double NETWORK_RATE = 0.01;
    private static final double NETWORK_MOMENTUM = 0.9;
    private static final double WEIGHT_DECAY = 5e-4;
    private static final String NETWORK_AUGMENTATION = "color_crop";
    static final double IMAGE_MOMENTUM = 0.5;
    static final int MAX_DECODED = 128;
    static final int INTERVAL = 10;

    /** About one epoch of the datasets with published settings. */
    private static final int EPOCH = 50_000;

    static final int QUICK_WIDTH = 32;

    private static final int QUICK_WARM_UP = 2048;

    /** Images of a class that RDED's scripts take crops of. */
    private static final int CROPPED = 300;

    /** Images of a class that are looked at again and again, for what is forgotten of them. */
    private static final int WATCHED = 1000;

    private static final int QUICK_SELECTION = 20_000;

    /** RDED's observer says what the set is worth, so it gets longer. */
    private static final int QUICK_OBSERVER = 100_000;

    /** Of images of 28x28 pixels at 10 per class. */
    private static final double QUICK_RATE = 0.006;

    /** About the last ten steps of a class: a rate this high leaves noise of that length in the images. */
    static final double QUICK_AVERAGING = 0.9;

    /** Side of the last feature map, in pixels, that the published depths come to. */
    private static final double LAST_SIDE = 4;

    private Presets() {}

    /**
     * As published: IDC by its code, DREAM by its paper where code and paper differ (1,200 outer iterations, the code
     * runs 2,000). A dataset without published settings gets those of CIFAR.
     */
    public static DistillationSettings paper(
            String dataset, ImageShape shape, Method method, int ipc, int factor, long seed) {
        return switch (method) {
            case DC, DSA -> CondensationPresets.paper(dataset, shape, method, ipc, factor, seed);
            case DM -> FeaturePresets.paperDm(dataset, shape, ipc, factor, seed);
            case DANCE -> FeaturePresets.paperDance(dataset, shape, ipc, factor, seed);
            case MTT -> TrajectoryPresets.paper(dataset, shape, ipc, factor, seed);
            default -> paperGradients(dataset, shape, method, ipc, factor, seed);
        };
    }

    private static DistillationSettings paperGradients(
            String dataset, ImageShape shape, Method method, int ipc, int factor, long seed) {
        DatasetFamily benchmark = DatasetFamily.of(dataset);
        int batch = benchmark.realBatch(method);
        return DistillationSettings.of(method)
                .ipc(ipc)
                .factor(factor)
                .network(network(128, shape, benchmark.mixProbability(factor)))
                .matching(MatchingBuilder.builder()
                        .distance(benchmark.distance())
                        .learningRate(benchmark.imageRate(shape, ipc))
                        .momentum(IMAGE_MOMENTUM)
                        .augmentation(benchmark.matchingAugmentation(factor))
                        .maxDecoded(MAX_DECODED)
                        .build())
                .representatives(RepresentativesBuilder.builder()
                        .count(batch)
                        .interval(INTERVAL)
                        .candidates(method == Method.RDED ? CROPPED : Integer.MAX_VALUE)
                        .build())
                .schedule(ScheduleBuilder.builder()
                        .outerIterations(outerIterations(method, method == Method.IDC ? 2000 : 1200))
                        .innerLoops(100)
                        .networkSamples(benchmark.networkSamples())
                        .networkBatch(batch)
                        .selectionSamples(selectionSamples(method, method == Method.DREAM_PLUS ? EPOCH : 500_000))
                        .warmUpSamples(method == Method.DREAM_PLUS ? EPOCH : 0)
                        .build())
                .seed(seed)
                .build();
    }

    /**
     * The best set within about five minutes on two cores, found by trial on Fashion-MNIST at 10 images per class: a
     * narrower network and fewer representatives buy more inner loops, and a rate some eighty times the published one
     * goes further in each; the average of the last ones evens out the noise that such a rate leaves.
     */
    public static DistillationSettings quick(
            String dataset, ImageShape shape, Method method, int ipc, int factor, long seed) {
        return switch (method) {
            case DC, DSA -> CondensationPresets.quick(dataset, shape, method, ipc, factor, seed);
            case DM, DANCE -> FeaturePresets.quick(dataset, shape, method, ipc, factor, seed);
            case MTT -> TrajectoryPresets.quick(dataset, shape, ipc, factor, seed);
            default -> quickGradients(dataset, shape, method, ipc, factor, seed);
        };
    }

    private static DistillationSettings quickGradients(
            String dataset, ImageShape shape, Method method, int ipc, int factor, long seed) {
        DatasetFamily benchmark = DatasetFamily.of(dataset);
        return DistillationSettings.of(method)
                .ipc(ipc)
                .factor(factor)
                .network(network(QUICK_WIDTH, shape, benchmark.mixProbability(factor)))
                .matching(MatchingBuilder.builder()
                        .distance(GradientDistance.L1)
                        .learningRate(quickRate(shape, ipc))
                        .momentum(IMAGE_MOMENTUM)
                        .augmentation(benchmark.matchingAugmentation(factor))
                        .maxDecoded(MAX_DECODED)
                        .averaging(QUICK_AVERAGING)
                        .build())
                .representatives(RepresentativesBuilder.builder()
                        .count(32)
                        .interval(INTERVAL)
                        .candidates(quickCandidates(method))
                        .build())
                .schedule(ScheduleBuilder.builder()
                        .outerIterations(outerIterations(method, 20))
                        .innerLoops(50)
                        .networkSamples(256)
                        .networkBatch(64)
                        .selectionSamples(selectionSamples(method, quickSelectionSamples(method)))
                        .warmUpSamples(method == Method.DREAM_PLUS ? QUICK_WARM_UP : 0)
                        .build())
                .seed(seed)
                .build();
    }

    private static int quickSelectionSamples(Method method) {
        return switch (method) {
            case DREAM_PLUS -> QUICK_WARM_UP;
            case RDED, FORGETTING -> QUICK_OBSERVER;
            default -> QUICK_SELECTION;
        };
    }

    /** The multi-formation factor a method is published with: 2 where images are composed, 1 for plain coresets. */
    public static int defaultFactor(Method method) {
        return switch (method) {
            case DREAM, DREAM_PLUS, IDC, DANCE, TILE -> 2;
            case DC, DSA, DM, MTT, RANDOM, HERDING, K_CENTER, FORGETTING, RDED, K_MEANS -> 1;
        };
    }

    static Network network(int width, ImageShape shape, double mixProbability) {
        return NetworkBuilder.builder()
                .width(width)
                .depth(depth(shape))
                .learningRate(NETWORK_RATE)
                .momentum(NETWORK_MOMENTUM)
                .weightDecay(WEIGHT_DECAY)
                .augmentation(NETWORK_AUGMENTATION)
                .mixProbability(mixProbability)
                .build();
    }

    /** Blocks of a ConvNet: 3 for sides of 28 and 32, 4 for 64; each halves the side, until it is about 4. */
    public static int depth(ImageShape shape) {
        double halvings = Math.log(Math.min(shape.height(), shape.width()) / LAST_SIDE) / Math.log(2);
        return (int) Math.max(1, Math.round(halvings));
    }

    private static double quickRate(ImageShape shape, int ipc) {
        return scaled(QUICK_RATE, shape, ipc);
    }

    /** A rate for 10 images of 28x28 pixels, scaled to number and size of the images as the published rates are. */
    static double scaled(double rate, ImageShape shape, int ipc) {
        return rate * (ipc / 10.0) * (shape.planeSize() / (28.0 * 28.0));
    }

    /** A coreset looks once, so it may look at every image; DREAM comes back every few seconds. */
    private static int quickCandidates(Method method) {
        return switch (method) {
            case HERDING, K_CENTER, K_MEANS -> Integer.MAX_VALUE;
            case FORGETTING -> WATCHED;
            case RDED -> CROPPED;
            case DREAM, DREAM_PLUS, IDC, DC, DSA, DM, DANCE, MTT, TILE, RANDOM -> 500;
        };
    }

    private static int outerIterations(Method method, int outerIterations) {
        return method.learns() ? outerIterations : 0;
    }

    private static int selectionSamples(Method method, int samples) {
        return method.choosesByTrainedFeatures() ? samples : 0;
    }
}
