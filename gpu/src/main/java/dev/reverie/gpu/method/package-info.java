/** Distillation methods as compositions, and the engine that computes their steps. */
@NullMarked
package dev.reverie.gpu.method;

import org.jspecify.annotations.NullMarked;
