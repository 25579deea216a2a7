package dev.reverie.gpu.method;

/**
 * The number of iterations, the steps of the images in them, and the training of the network between them.
 *
 * @param outerIterations number of outer iterations, each of which begins with a new network; 0 keeps the initial
 *     images
 * @param innerLoops number of inner loops per outer iteration; each loop visits every class that learns once
 * @param networkSamples number of images on which the network is trained after each inner loop: real ones, or those of
 *     the memory (DC, DSA)
 * @param networkBatch number of images per training step
 * @param selectionSamples number of real images on which the network is trained before the initialiser uses its
 *     features
 * @param warmUpSamples number of real images on which a new network is trained before its first inner loop
 * @param warmUpDecay whether the learning rate of a new network drops to a fifth after two thirds of these images, and
 *     again after five sixths (DANCE, TGDD)
 * @param jointStep whether the images of all classes take one optimiser step together in each inner loop, so that their
 *     momentum carries over from loop to loop (DC, DSA, DM, MTT as published); otherwise, the optimiser steps once per
 *     class, and most of the momentum decays during the steps of the other classes (IDC, DREAM)
 * @param clampEveryLoop whether the images are clamped to [0, 1] before each inner loop (DANCE, TGDD), rather than only
 *     before each outer iteration
 */
@GenerateSettingsBuilder
public record ScheduleSettings(
        int outerIterations,
        int innerLoops,
        int networkSamples,
        int networkBatch,
        int selectionSamples,
        int warmUpSamples,
        boolean warmUpDecay,
        boolean jointStep,
        boolean clampEveryLoop)
        implements ScheduleSettingsBuilder.With {

    public ScheduleSettings {
        SettingsRules.atLeast(0, outerIterations, "outerIterations");
        SettingsRules.atLeast(1, innerLoops, "innerLoops");
        SettingsRules.atLeast(0, networkSamples, "networkSamples");
        SettingsRules.atLeast(1, networkBatch, "networkBatch");
        SettingsRules.atLeast(0, selectionSamples, "selectionSamples");
        SettingsRules.atLeast(0, warmUpSamples, "warmUpSamples");
    }
}
