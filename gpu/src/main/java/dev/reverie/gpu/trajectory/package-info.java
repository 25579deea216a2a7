/** The student of trajectory matching (MTT): its SGD rollout and the gradients through this rollout. */
@NullMarked
package dev.reverie.gpu.trajectory;

import org.jspecify.annotations.NullMarked;
