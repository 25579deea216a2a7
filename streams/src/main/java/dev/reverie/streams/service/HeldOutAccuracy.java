package dev.reverie.streams.service;

import java.time.Instant;

/**
 * What a memory is worth: the share of real images that came after it, and so had no part in it, that a learner told
 * right which had been trained on that memory alone.
 *
 * @param accuracy in [0, 1]
 * @param images it was tested on
 * @param classes these are of
 * @param leftOut images that came, but of classes that the memory did not have
 * @param taken when the memory was taken
 * @param tested when the test was over
 */
public record HeldOutAccuracy(double accuracy, int images, int classes, long leftOut, Instant taken, Instant tested) {}
