package dev.reverie.gpu.method;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.objective.GradientDistance;

/**
 * What a preset is for, with which all settings of the preset start.
 *
 * @param dataset name of the dataset on the command line
 */
record PresetTarget(String dataset, ImageShape shape, Method method, int ipc, int factor, long seed) {

    static final int PUBLISHED_WIDTH = 128;
    static final int QUICK_WIDTH = 32;

    /** Averages over about the last ten steps of a class, because high learning rates leave noise in the images. */
    static final double QUICK_AVERAGING = 0.9;

    static final int MAX_DECODED = 128;

    private static final double NETWORK_RATE = 0.01;
    private static final double NETWORK_MOMENTUM = 0.9;
    private static final double WEIGHT_DECAY = 5e-4;
    private static final String NETWORK_AUGMENTATION = "color_crop";
    private static final double IMAGE_MOMENTUM = 0.5;
    private static final int INTERVAL = 10;
    private static final int SHALLOW_DEPTH = 3;

    DatasetFamily family() {
        return DatasetFamily.of(dataset);
    }

    /** Starts the settings of the method with its published parts. */
    DistillationSettingsBuilder settings() {
        return DistillationSettings.of(method).ipc(ipc).factor(factor).seed(seed);
    }

    /** Returns a network that is trained by SGD without momentum or weight decay. */
    NetworkSettings plainNetwork(int width, String augmentation) {
        return NetworkSettingsBuilder.builder()
                .width(width)
                .depth(Presets.depth(shape))
                .learningRate(NETWORK_RATE)
                .augmentation(augmentation)
                .build();
    }

    NetworkSettings network(int width, double mixProbability) {
        return plainNetwork(width, NETWORK_AUGMENTATION)
                .with()
                .momentum(NETWORK_MOMENTUM)
                .weightDecay(WEIGHT_DECAY)
                .mixProbability(mixProbability)
                .build();
    }

    /** Returns the number of blocks in the published code of DANCE, IDM and TGDD, which uses few for Tiny ImageNet. */
    int shallowDepth() {
        return family() == DatasetFamily.TINY_IMAGENET ? SHALLOW_DEPTH : Presets.depth(shape);
    }

    /** Starts the settings of a class step with the published momentum of the images. */
    MatchingSettingsBuilder matching(GradientDistance distance, double learningRate, String augmentation) {
        return MatchingSettingsBuilder.builder()
                .distance(distance)
                .learningRate(learningRate)
                .momentum(IMAGE_MOMENTUM)
                .augmentation(augmentation);
    }

    /** Starts a class step in a run of a few minutes; the rate is that for 10 images of 28x28 pixels per class. */
    MatchingSettingsBuilder quickMatching(GradientDistance distance, double rate, String augmentation) {
        return matching(distance, Presets.scaled(rate, shape, ipc), augmentation)
                .maxDecoded(MAX_DECODED)
                .averaging(QUICK_AVERAGING);
    }

    /** Returns real batches of the given size, which are refreshed as often as published. */
    RepresentativeSettings representatives(int count) {
        return RepresentativeSettingsBuilder.builder()
                .count(count)
                .interval(INTERVAL)
                .build();
    }

    /** Returns real batches of the given size for a run of a few minutes. */
    RepresentativeSettings quickRepresentatives(int count) {
        return representatives(count).withCandidates(500);
    }

    ScheduleSettingsBuilder schedule(int outerIterations, int innerLoops, int networkBatch) {
        return ScheduleSettingsBuilder.builder()
                .outerIterations(outerIterations)
                .innerLoops(innerLoops)
                .networkBatch(networkBatch);
    }
}
