/** Differentiable augmentations, as affine maps of one image with their adjoints. */
@NullMarked
package dev.reverie.gpu.augment;

import org.jspecify.annotations.NullMarked;
