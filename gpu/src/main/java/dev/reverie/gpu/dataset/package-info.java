/**
 * Images, labelled datasets in the formats they are published in, and the NPZ of distilled sets and of trajectories.
 */
@NullMarked
package dev.reverie.gpu.dataset;

import org.jspecify.annotations.NullMarked;
