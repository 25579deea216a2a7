/** The contract of a distillation engine: its tasks, their outcomes, and the state of its networks. */
@NullMarked
package dev.reverie.gpu.engine;

import org.jspecify.annotations.NullMarked;
