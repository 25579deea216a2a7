/** Synthetic images as they are stored, decoded (multi-formation) and initialised. */
@NullMarked
package dev.reverie.gpu.formation;

import org.jspecify.annotations.NullMarked;
