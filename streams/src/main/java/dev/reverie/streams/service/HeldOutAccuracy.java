package dev.reverie.streams.service;

import java.time.Instant;

/**
 * The held-out accuracy of a memory: an evaluation network, trained on the memory alone, classifies real images that
 * arrived after the memory was taken.
 *
 * @param accuracy in [0, 1]
 * @param images number of classified images
 * @param classes number of classes of these images
 * @param leftOut number of images that were left out because the memory did not have their class
 * @param taken when the memory was taken
 * @param tested when the evaluation ended
 */
public record HeldOutAccuracy(double accuracy, int images, int classes, long leftOut, Instant taken, Instant tested) {}
