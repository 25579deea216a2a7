/** Distillation methods, their settings, and the presets for known datasets. */
@NullMarked
package dev.reverie.gpu.method;

import org.jspecify.annotations.NullMarked;
