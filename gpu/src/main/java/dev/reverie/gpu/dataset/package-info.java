/** Images, labelled datasets, and the NPZ files of distilled sets and expert trajectories. */
@NullMarked
package dev.reverie.gpu.dataset;

import org.jspecify.annotations.NullMarked;
