/** Differentiable augmentations: affine maps of single images, with their adjoints. */
@NullMarked
package dev.reverie.gpu.augment;

import org.jspecify.annotations.NullMarked;
