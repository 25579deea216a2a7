package dev.reverie.streams.service;

import java.time.Instant;

/**
 * The held-out accuracy of a memory: an evaluation network is trained only on a copy of the memory and classifies real
 * images that arrived after the copy was made.
 *
 * @param accuracy fraction of correctly classified images, in [0, 1]
 * @param images number of classified images
 * @param classes number of classes among the classified images
 * @param leftOut number of images that were left out because the memory had no images of their class
 * @param taken time at which the copy of the memory was made
 * @param tested time at which the evaluation ended
 */
public record HeldOutAccuracy(double accuracy, int images, int classes, long leftOut, Instant taken, Instant tested) {}
