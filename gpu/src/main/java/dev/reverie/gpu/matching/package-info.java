/**
 * The engine that computes class steps: matching objectives, calibration, the pool of matching networks, and the
 * experts that guide.
 */
@NullMarked
package dev.reverie.gpu.matching;

import org.jspecify.annotations.NullMarked;
