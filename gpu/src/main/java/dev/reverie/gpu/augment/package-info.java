/** Differentiable augmentations as affine maps of one image, each with its adjoint. */
@NullMarked
package dev.reverie.gpu.augment;

import org.jspecify.annotations.NullMarked;
