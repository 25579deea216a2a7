/** Losses that the synthetic images of all classes share: those of students, and of ridge regression. */
@NullMarked
package dev.reverie.gpu.joint;

import org.jspecify.annotations.NullMarked;
