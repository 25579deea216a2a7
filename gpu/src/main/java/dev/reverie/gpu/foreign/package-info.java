/** Trained networks that users bring in files of other programs. */
@NullMarked
package dev.reverie.gpu.foreign;

import org.jspecify.annotations.NullMarked;
