/** The engine that computes class steps: matching objectives, calibration, and the pool of matching networks. */
@NullMarked
package dev.reverie.gpu.matching;

import org.jspecify.annotations.NullMarked;
