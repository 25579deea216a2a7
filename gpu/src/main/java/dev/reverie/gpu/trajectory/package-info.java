/** The student of trajectory matching (MTT): its SGD rollout and the gradient through it. */
@NullMarked
package dev.reverie.gpu.trajectory;

import org.jspecify.annotations.NullMarked;
