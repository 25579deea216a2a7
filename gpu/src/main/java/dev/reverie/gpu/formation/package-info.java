/** Storage, decoding (multi-formation) and initialisation of synthetic images. */
@NullMarked
package dev.reverie.gpu.formation;

import org.jspecify.annotations.NullMarked;
