package dev.reverie.gpu.method;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.Method.MethodDefinition;
import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.select.SelectionRule;

/** Provides preset settings for all methods. Datasets are identified by the names that the command line uses. */
public final class Presets {

    private static final double NETWORK_RATE = 0.01;
    private static final double NETWORK_MOMENTUM = 0.9;
    private static final double WEIGHT_DECAY = 5e-4;
    private static final String NETWORK_AUGMENTATION = "color_crop";
    private static final double IMAGE_MOMENTUM = 0.5;
    static final int MAX_DECODED = 128;
    private static final int INTERVAL = 10;
    private static final int STREAM_CANDIDATES = 2000;

    private static final int LONGEST_MOSAIC_SIDE = 64;

    static final int PUBLISHED_WIDTH = 128;
    static final int QUICK_WIDTH = 32;

    private static final int QUICK_WARM_UP = 2048;

    /** Number of images per class from which RDED's scripts take crops. */
    private static final int CROP_SOURCES = 300;

    /** Number of epochs for which the observers of RDED are trained at least. */
    private static final int OBSERVER_EPOCHS = 200;

    /** Number of images per class whose forgetting events are counted. */
    private static final int FORGETTING_CANDIDATES = 1000;

    private static final int QUICK_SELECTION = 20_000;

    /** The results of forgetting depend strongly on the network that selects the images. */
    private static final int QUICK_FORGETTING = 100_000;

    /** The network that selects the images of RDED also labels them, so it is trained for longest. */
    private static final int QUICK_OBSERVER = 200_000;

    /** Image learning rate for 10 images of 28x28 pixels per class. */
    private static final double QUICK_RATE = 0.006;

    /** Averages over about the last ten steps of a class, because the high learning rate leaves noise in the images. */
    static final double QUICK_AVERAGING = 0.9;

    /** Side of the last feature map, in pixels, at the published depths. */
    private static final double LAST_SIDE = 4;

    private Presets() {}

    /**
     * Returns the published settings: those of the code for IDC and DREAM+, and those of the paper for DREAM if the
     * code differs (the paper has 1,200 outer iterations, the code 2,000). A dataset without published settings gets
     * those of CIFAR.
     */
    public static DistillationSettings paper(
            String dataset, ImageShape shape, Method method, int ipc, int factor, long seed) {
        return switch (method) {
            case DC, DSA -> CondensationPresets.paper(dataset, shape, method, ipc, factor, seed);
            case DM -> FeaturePresets.paperDm(dataset, shape, ipc, factor, seed);
            case DANCE -> FeaturePresets.paperDance(dataset, shape, ipc, factor, seed);
            case IDM -> NetworkQueuePresets.paper(dataset, shape, ipc, factor, seed);
            case MTT -> TrajectoryPresets.paper(dataset, shape, ipc, factor, seed);
            case TGDD -> GuidancePresets.paper(dataset, shape, ipc, factor, seed);
            default -> paperGradients(dataset, shape, method, ipc, factor, seed);
        };
    }

    /**
     * Returns the published settings for a dataset. Where a paper counts epochs, an epoch has the images of this
     * dataset:
     *
     * <ul>
     *   <li>MTT and TGDD: the epochs of the experts
     *   <li>DREAM+ and DANCE: those of the networks before their first use
     *   <li>RDED: those of the observer
     *   <li>DC and DSA: those of the networks on the memory, which has the images of all classes
     * </ul>
     */
    public static DistillationSettings paper(Dataset dataset, Method method, int ipc, int factor, long seed) {
        DistillationSettings settings = paper(dataset.name(), dataset.shape(), method, ipc, factor, seed);
        ScheduleSettings schedule = settings.schedule();
        int published = DatasetFamily.trainImages(dataset.name());
        int own = dataset.train().size();
        if (method.followsExperts()) {
            return settings.withExpertEpochsOf(own);
        }
        if (method.hasObserver()) {
            return settings.withSchedule(schedule.withSelectionSamples(OBSERVER_EPOCHS * own));
        }
        if (method.trainsOnMemory()) {
            int samplesOfAClass = schedule.networkSamples() / DatasetFamily.classes(dataset.name());
            return settings.withSchedule(schedule.withNetworkSamples(samplesOfAClass * dataset.classes()));
        }
        boolean byEpochs = method == Method.DREAM_PLUS || method == Method.DANCE;
        return byEpochs
                ? settings.withSchedule(schedule.withWarmUpSamples(schedule.warmUpSamples() / published * own)
                        .withSelectionSamples(schedule.selectionSamples() / published * own))
                : settings;
    }

    private static DistillationSettings paperGradients(
            String dataset, ImageShape shape, Method method, int ipc, int factor, long seed) {
        DatasetFamily benchmark = DatasetFamily.of(dataset);
        int batch = benchmark.realBatch(method);
        int epoch = DatasetFamily.trainImages(dataset);
        boolean plus = method == Method.DREAM_PLUS;
        boolean core = plus && benchmark == DatasetFamily.TINY_IMAGENET;
        MethodDefinition published = method.composition();
        return settings(method, ipc, factor, seed)
                .composition(core ? published.with(SelectionRule.K_MEANS_CORE) : published)
                .network(network(PUBLISHED_WIDTH, shape, benchmark.mixProbability(factor)))
                .matching(matching(
                                benchmark.distance(),
                                benchmark.imageRate(shape, ipc),
                                benchmark.matchingAugmentation(factor))
                        .maxDecoded(MAX_DECODED)
                        .build())
                .representatives(
                        representatives(batch).withCandidates(method == Method.RDED ? CROP_SOURCES : Integer.MAX_VALUE))
                .schedule(schedule(outerIterations(method, method == Method.IDC || plus ? 2000 : 1200), 100, batch)
                        .networkSamples(benchmark.networkSamples())
                        .selectionSamples(selectionSamples(method, paperSelectionSamples(method, epoch)))
                        .warmUpSamples(plus ? epoch : 0)
                        .build())
                .build();
    }

    /**
     * Returns the multi-formation factor of a method in a service. For small colour images, that of DM is 2: four
     * photographs at half their size tell more of a class than one does. Grey images lose too much at half their size,
     * and large ones would take too much memory. Stores rely on this rule, so it must never change.
     */
    public static int streamFactor(Method method, ImageShape shape) {
        boolean isSmall = Math.max(shape.height(), shape.width()) <= LONGEST_MOSAIC_SIDE;
        return method == Method.DM && shape.channels() > 1 && isSmall ? 2 : defaultFactor(method);
    }

    /**
     * Returns the settings of a service, whose images arrive in a stream: the quick preset, but with stratified real
     * batches for DM.
     */
    public static DistillationSettings stream(
            String dataset, ImageShape shape, Method method, int ipc, int factor, long seed) {
        DistillationSettings quick = quick(dataset, shape, method, ipc, factor, seed);
        return method == Method.DM
                ? quick.withComposition(quick.composition().with(SelectionRule.STRATIFIED))
                        .withRepresentatives(quick.representatives().withCandidates(STREAM_CANDIDATES))
                : quick;
    }

    /**
     * Returns the settings that give the best set within about five minutes on two cores, found by experiments on
     * Fashion-MNIST with 10 images per class. A narrower network and fewer representatives allow more inner loops, and
     * a learning rate about eighty times the published one makes more progress in each loop. The running average
     * smooths the noise that this rate leaves in the images.
     */
    public static DistillationSettings quick(
            String dataset, ImageShape shape, Method method, int ipc, int factor, long seed) {
        return switch (method) {
            case DC, DSA -> CondensationPresets.quick(dataset, shape, method, ipc, factor, seed);
            case DM -> FeaturePresets.quickDm(dataset, shape, ipc, factor, seed);
            case DANCE -> FeaturePresets.quickDance(dataset, shape, ipc, factor, seed);
            case IDM -> NetworkQueuePresets.quick(dataset, shape, ipc, factor, seed);
            case MTT -> TrajectoryPresets.quick(dataset, shape, ipc, factor, seed);
            case TGDD -> GuidancePresets.quick(dataset, shape, ipc, factor, seed);
            default -> quickGradients(dataset, shape, method, ipc, factor, seed);
        };
    }

    private static DistillationSettings quickGradients(
            String dataset, ImageShape shape, Method method, int ipc, int factor, long seed) {
        DatasetFamily benchmark = DatasetFamily.of(dataset);
        return settings(method, ipc, factor, seed)
                .network(network(QUICK_WIDTH, shape, benchmark.mixProbability(factor)))
                .matching(matching(GradientDistance.L1, quickRate(shape, ipc), benchmark.matchingAugmentation(factor))
                        .maxDecoded(MAX_DECODED)
                        .averaging(QUICK_AVERAGING)
                        .build())
                .representatives(representatives(32).withCandidates(quickCandidates(method)))
                .schedule(schedule(outerIterations(method, 20), 50, 64)
                        .networkSamples(256)
                        .selectionSamples(selectionSamples(method, quickSelectionSamples(method)))
                        .warmUpSamples(method == Method.DREAM_PLUS ? QUICK_WARM_UP : 0)
                        .build())
                .build();
    }

    private static int paperSelectionSamples(Method method, int epoch) {
        return switch (method) {
            case DREAM_PLUS -> epoch;
            case RDED -> OBSERVER_EPOCHS * epoch;
            default -> 500_000;
        };
    }

    private static int quickSelectionSamples(Method method) {
        return switch (method) {
            case DREAM_PLUS -> QUICK_WARM_UP;
            case RDED -> QUICK_OBSERVER;
            case FORGETTING -> QUICK_FORGETTING;
            default -> QUICK_SELECTION;
        };
    }

    /**
     * Returns the multi-formation factor with which a method was published: 2 for methods that compose images, 1 for
     * the others.
     */
    public static int defaultFactor(Method method) {
        return switch (method) {
            case DREAM, DREAM_PLUS, IDC, DANCE, IDM, TGDD, TILE -> 2;
            case DC, DSA, DM, MTT, RANDOM, HERDING, K_CENTER, FORGETTING, RDED, K_MEANS -> 1;
        };
    }

    /** Starts the settings of a method with its published parts. */
    static DistillationSettingsBuilder settings(Method method, int ipc, int factor, long seed) {
        return DistillationSettings.of(method).ipc(ipc).factor(factor).seed(seed);
    }

    /** Returns a network that is trained by SGD without momentum or weight decay. */
    static NetworkSettings plainNetwork(int width, ImageShape shape, String augmentation) {
        return NetworkSettingsBuilder.builder()
                .width(width)
                .depth(depth(shape))
                .learningRate(NETWORK_RATE)
                .augmentation(augmentation)
                .build();
    }

    /** Starts the settings of a class step with the published momentum of the images. */
    static MatchingSettingsBuilder matching(GradientDistance distance, double learningRate, String augmentation) {
        return MatchingSettingsBuilder.builder()
                .distance(distance)
                .learningRate(learningRate)
                .momentum(IMAGE_MOMENTUM)
                .augmentation(augmentation);
    }

    /** Returns real batches of the given size, which are refreshed as often as published. */
    static RepresentativeSettings representatives(int count) {
        return RepresentativeSettingsBuilder.builder()
                .count(count)
                .interval(INTERVAL)
                .build();
    }

    /** Starts a schedule. */
    static ScheduleSettingsBuilder schedule(int outerIterations, int innerLoops, int networkBatch) {
        return ScheduleSettingsBuilder.builder()
                .outerIterations(outerIterations)
                .innerLoops(innerLoops)
                .networkBatch(networkBatch);
    }

    static NetworkSettings network(int width, ImageShape shape, double mixProbability) {
        return plainNetwork(width, shape, NETWORK_AUGMENTATION)
                .with()
                .momentum(NETWORK_MOMENTUM)
                .weightDecay(WEIGHT_DECAY)
                .mixProbability(mixProbability)
                .build();
    }

    /**
     * Returns the number of blocks of a ConvNet: 3 for sides of 28 and 32 pixels, 4 for 64. Each block halves the side,
     * down to about 4 pixels.
     */
    public static int depth(ImageShape shape) {
        double halvings = Math.log(Math.min(shape.height(), shape.width()) / LAST_SIDE) / Math.log(2);
        return (int) Math.max(1, Math.round(halvings));
    }

    private static double quickRate(ImageShape shape, int ipc) {
        return scaled(QUICK_RATE, shape, ipc);
    }

    /**
     * Scales a rate for 10 images of 28x28 pixels per class to the given number and size of images, as the published
     * rates are scaled.
     */
    public static double scaled(double rate, ImageShape shape, int ipc) {
        return rate * (ipc / 10.0) * (shape.planeSize() / (28.0 * 28.0));
    }

    /**
     * Returns the maximum number of candidates per class. A coreset selects only once, so it can use every image; DREAM
     * selects every few seconds.
     */
    private static int quickCandidates(Method method) {
        return switch (method) {
            case HERDING, K_CENTER, K_MEANS -> Integer.MAX_VALUE;
            case FORGETTING -> FORGETTING_CANDIDATES;
            case RDED -> CROP_SOURCES;
            case DREAM, DREAM_PLUS, IDC, DC, DSA, DM, DANCE, IDM, MTT, TGDD, TILE, RANDOM -> 500;
        };
    }

    private static int outerIterations(Method method, int outerIterations) {
        return method.learns() ? outerIterations : 0;
    }

    private static int selectionSamples(Method method, int samples) {
        return method.initialisesByTrainedNetwork() ? samples : 0;
    }
}
