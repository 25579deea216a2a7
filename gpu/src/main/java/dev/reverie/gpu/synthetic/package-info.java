/** Storage, decoding (multi-formation) and initialisation of synthetic images. */
@NullMarked
package dev.reverie.gpu.synthetic;

import org.jspecify.annotations.NullMarked;
