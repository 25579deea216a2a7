package dev.reverie.gpu.method;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.objective.GradientDistance;

/** Presets of the methods that match mean features: DM and DANCE. */
final class FeaturePresets {

    private static final int PUBLISHED_WIDTH = 128;
    private static final int DANCE_NETWORKS = 5;

    /** Image learning rate for 10 images of 28x28 pixels per class. */
    private static final double QUICK_RATE = 0.2;

    /** Steps of DM are cheap, so its network can be wider than the networks of methods with second derivatives. */
    private static final int QUICK_DM_WIDTH = 64;

    private FeaturePresets() {}

    /**
     * Returns the settings of DM's published code: 20,000 steps, each on a new network that is never trained. That code
     * learns normalised images at rate 1; for images in [0, 1], the rate is the square of the standard deviation. The
     * code updates all classes in one step, whereas Reverie performs one step per class, each on a new network. The
     * division into outer iterations does not affect the networks.
     */
    static DistillationSettings paperDm(String dataset, ImageShape shape, int ipc, int factor, long seed) {
        DatasetFamily benchmark = DatasetFamily.of(dataset);
        double rate = benchmark.deviation() * benchmark.deviation();
        return DistillationSettings.of(Method.DM)
                .ipc(ipc)
                .factor(factor)
                .network(Presets.network(PUBLISHED_WIDTH, shape, 0).withVariation(NetworkVariation.REDRAWN))
                .matching(MatchingBuilder.builder()
                        .distance(GradientDistance.MSE)
                        .learningRate(rate)
                        .momentum(Presets.IMAGE_MOMENTUM)
                        .augmentation(benchmark.singleAugmentation())
                        .build())
                .representatives(RepresentativesBuilder.builder()
                        .count(256)
                        .interval(Presets.INTERVAL)
                        .build())
                .schedule(ScheduleBuilder.builder()
                        .outerIterations(200)
                        .innerLoops(100)
                        .networkBatch(256)
                        .build())
                .seed(seed)
                .build();
    }

    /**
     * Returns the settings of DANCE's published code: 10,000 steps on five networks, each trained for 20 epochs. The
     * first step needs only the first network.
     */
    static DistillationSettings paperDance(String dataset, ImageShape shape, int ipc, int factor, long seed) {
        DatasetFamily benchmark = DatasetFamily.of(dataset);
        return DistillationSettings.of(Method.DANCE)
                .ipc(ipc)
                .factor(factor)
                .network(Presets.network(PUBLISHED_WIDTH, shape, benchmark.mixProbability(factor))
                        .withPool(DANCE_NETWORKS)
                        .withVariation(NetworkVariation.BLENDED))
                .matching(MatchingBuilder.builder()
                        .distance(GradientDistance.MSE)
                        .learningRate(0.01 * ipc)
                        .momentum(Presets.IMAGE_MOMENTUM)
                        .augmentation(benchmark.matchingAugmentation(factor))
                        .maxDecoded(200)
                        .calibration(1)
                        .build())
                .representatives(RepresentativesBuilder.builder()
                        .count(128)
                        .interval(Presets.INTERVAL)
                        .build())
                .schedule(ScheduleBuilder.builder()
                        .outerIterations(DANCE_NETWORKS)
                        .innerLoops(10_000 / DANCE_NETWORKS)
                        .networkBatch(128)
                        .warmUpSamples(1_000_000)
                        .build())
                .seed(seed)
                .build();
    }

    /**
     * Returns settings of either method for a run of a few minutes on two cores: a narrow network, the running average
     * of the images and, for DANCE, networks that are trained between the inner loops instead of beforehand.
     */
    static DistillationSettings quick(String dataset, ImageShape shape, Method method, int ipc, int factor, long seed) {
        DatasetFamily benchmark = DatasetFamily.of(dataset);
        boolean dance = method == Method.DANCE;
        double mixProbability = benchmark.mixProbability(factor);
        return DistillationSettings.of(method)
                .ipc(ipc)
                .factor(factor)
                .network(
                        dance
                                ? Presets.network(Presets.QUICK_WIDTH, shape, mixProbability)
                                        .withPool(DANCE_NETWORKS)
                                        .withVariation(NetworkVariation.BLENDED)
                                : Presets.network(QUICK_DM_WIDTH, shape, mixProbability)
                                        .withVariation(NetworkVariation.REDRAWN))
                .matching(MatchingBuilder.builder()
                        .distance(GradientDistance.MSE)
                        .learningRate(Presets.scaled(QUICK_RATE, shape, ipc))
                        .momentum(Presets.IMAGE_MOMENTUM)
                        .augmentation(dance ? benchmark.matchingAugmentation(factor) : benchmark.singleAugmentation())
                        .maxDecoded(Presets.MAX_DECODED)
                        .averaging(Presets.QUICK_AVERAGING)
                        .calibration(dance ? 0.1 : 0)
                        .build())
                .representatives(RepresentativesBuilder.builder()
                        .count(64)
                        .interval(Presets.INTERVAL)
                        .candidates(500)
                        .build())
                .schedule(
                        dance
                                ? ScheduleBuilder.builder()
                                        .outerIterations(30)
                                        .innerLoops(50)
                                        .networkSamples(256)
                                        .networkBatch(64)
                                        .build()
                                : ScheduleBuilder.builder()
                                        .outerIterations(40)
                                        .innerLoops(50)
                                        .networkBatch(64)
                                        .build())
                .seed(seed)
                .build();
    }
}
