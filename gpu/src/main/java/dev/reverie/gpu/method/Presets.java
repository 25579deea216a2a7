package dev.reverie.gpu.method;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.select.SelectionRule;

/** Provides preset settings for all methods. Datasets are identified by the names that the command line uses. */
public final class Presets {

    private static final int STREAM_CANDIDATES = 2000;

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
        PresetTarget target = new PresetTarget(dataset, shape, method, ipc, factor, seed);
        return switch (method) {
            case DC, DSA -> CondensationPresets.paper(target);
            case DM -> FeaturePresets.paperDm(target);
            case DANCE -> FeaturePresets.paperDance(target);
            case IDM -> NetworkQueuePresets.paper(target);
            case MTT -> TrajectoryPresets.paper(target);
            case RIDGE -> FitPresets.paperRidge(target);
            case BPTT -> FitPresets.paperBptt(target);
            case CAFE -> FitPresets.paperCafe(target);
            case TGDD -> GuidancePresets.paper(target);
            default -> GradientPresets.paper(target);
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
        DatasetFamily family = DatasetFamily.of(dataset.name());
        int own = dataset.train().size();
        if (method.followsExperts()) {
            return settings.withExpertEpochsOf(own);
        }
        if (method.hasObserver()) {
            return settings.withSchedule(schedule.withSelectionSamples(GradientPresets.OBSERVER_EPOCHS * own));
        }
        if (method.trainsOnMemory()) {
            int samplesOfAClass = schedule.networkSamples() / family.classes();
            return settings.withSchedule(schedule.withNetworkSamples(samplesOfAClass * dataset.classes()));
        }
        boolean byEpochs = method == Method.DREAM_PLUS || method == Method.DANCE;
        return byEpochs
                ? settings.withSchedule(
                        schedule.withWarmUpSamples(schedule.warmUpSamples() / family.trainImages() * own)
                                .withSelectionSamples(schedule.selectionSamples() / family.trainImages() * own))
                : settings;
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
        PresetTarget target = new PresetTarget(dataset, shape, method, ipc, factor, seed);
        return switch (method) {
            case DC, DSA -> CondensationPresets.quick(target);
            case DM -> FeaturePresets.quickDm(target);
            case DANCE -> FeaturePresets.quickDance(target);
            case IDM -> NetworkQueuePresets.quick(target);
            case MTT -> TrajectoryPresets.quick(target);
            case RIDGE -> FitPresets.quickRidge(target);
            case BPTT -> FitPresets.quickBptt(target);
            case CAFE -> FitPresets.quickCafe(target);
            case TGDD -> GuidancePresets.quick(target);
            default -> GradientPresets.quick(target);
        };
    }

    /**
     * Returns the multi-formation factor with which a method was published: 2 for methods that compose images, 1 for
     * the others.
     */
    public static int defaultFactor(Method method) {
        return switch (method) {
            case DREAM, DREAM_PLUS, IDC, DANCE, IDM, TGDD, TILE -> 2;
            case DC, DSA, DM, MTT, RIDGE, BPTT, CAFE, RANDOM, HERDING, K_CENTER, FORGETTING, RDED, K_MEANS -> 1;
        };
    }

    /**
     * Returns the number of blocks of a ConvNet: 3 for sides of 28 and 32 pixels, 4 for 64. Each block halves the side,
     * down to about 4 pixels.
     */
    public static int depth(ImageShape shape) {
        double halvings = Math.log(Math.min(shape.height(), shape.width()) / LAST_SIDE) / Math.log(2);
        return (int) Math.max(1, Math.round(halvings));
    }

    /**
     * Scales a rate for 10 images of 28x28 pixels per class to the given number and size of images, as the published
     * rates are scaled.
     */
    public static double scaled(double rate, ImageShape shape, int ipc) {
        return rate * (ipc / 10.0) * (shape.planeSize() / (28.0 * 28.0));
    }
}
