/** Images, labelled datasets in the formats they are published in, and the distilled set's NPZ. */
@NullMarked
package dev.reverie.gpu.dataset;

import org.jspecify.annotations.NullMarked;
