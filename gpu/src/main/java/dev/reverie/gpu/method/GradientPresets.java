package dev.reverie.gpu.method;

import dev.reverie.gpu.method.Method.MethodDefinition;
import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.select.SelectionRule;

/** Presets of DREAM, DREAM+ and IDC, which match gradients, and of the coresets, which only choose images. */
final class GradientPresets {

    /** Number of epochs for which the observers of RDED are trained at least. */
    static final int OBSERVER_EPOCHS = 200;

    /** Number of images per class from which RDED's scripts take crops. */
    private static final int CROP_SOURCES = 300;

    /** Number of images per class whose forgetting events are counted. */
    private static final int FORGETTING_CANDIDATES = 1000;

    private static final int QUICK_WARM_UP = 2048;
    private static final int QUICK_SELECTION = 20_000;

    /** The results of forgetting depend strongly on the network that selects the images. */
    private static final int QUICK_FORGETTING = 100_000;

    /** The network that selects the images of RDED also labels them, so it is trained for longest. */
    private static final int QUICK_OBSERVER = 200_000;

    /** Image learning rate for 10 images of 28x28 pixels per class. */
    private static final double QUICK_RATE = 0.006;

    private GradientPresets() {}

    static DistillationSettings paper(PresetTarget target) {
        DatasetFamily family = target.family();
        Method method = target.method();
        int batch = family.realBatch(method);
        boolean plus = method == Method.DREAM_PLUS;
        boolean core = plus && family == DatasetFamily.TINY_IMAGENET;
        MethodDefinition published = method.composition();
        return target.settings()
                .composition(core ? published.with(SelectionRule.K_MEANS_CORE) : published)
                .network(target.network(PresetTarget.PUBLISHED_WIDTH, family.mixProbability(target.factor())))
                .matching(target.matching(
                                family.distance(),
                                family.imageRate(target.shape(), target.ipc()),
                                family.matchingAugmentation(target.factor()))
                        .maxDecoded(PresetTarget.MAX_DECODED)
                        .build())
                .representatives(target.representatives(batch)
                        .withCandidates(method == Method.RDED ? CROP_SOURCES : Integer.MAX_VALUE))
                .schedule(target.schedule(
                                outerIterations(method, method == Method.IDC || plus ? 2000 : 1200), 100, batch)
                        .networkSamples(family.networkSamples())
                        .selectionSamples(selectionSamples(method, paperSelectionSamples(method, family.trainImages())))
                        .warmUpSamples(plus ? family.trainImages() : 0)
                        .build())
                .build();
    }

    static DistillationSettings quick(PresetTarget target) {
        DatasetFamily family = target.family();
        Method method = target.method();
        return target.settings()
                .network(target.network(PresetTarget.QUICK_WIDTH, family.mixProbability(target.factor())))
                .matching(target.quickMatching(
                                GradientDistance.L1, QUICK_RATE, family.matchingAugmentation(target.factor()))
                        .build())
                .representatives(target.representatives(32).withCandidates(quickCandidates(method)))
                .schedule(target.schedule(outerIterations(method, 20), 50, 64)
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
     * Returns the maximum number of candidates per class. A coreset selects only once, so it can use every image; DREAM
     * selects every few seconds.
     */
    private static int quickCandidates(Method method) {
        return switch (method) {
            case HERDING, K_CENTER, K_MEANS -> Integer.MAX_VALUE;
            case FORGETTING -> FORGETTING_CANDIDATES;
            case RDED -> CROP_SOURCES;
            case DREAM, DREAM_PLUS, IDC, DC, DSA, DM, DANCE, IDM, MTT, RIDGE, BPTT, CAFE, TGDD, TILE, RANDOM -> 500;
        };
    }

    private static int outerIterations(Method method, int outerIterations) {
        return method.learns() ? outerIterations : 0;
    }

    private static int selectionSamples(Method method, int samples) {
        return method.initialisesByTrainedNetwork() ? samples : 0;
    }
}
