/** The class-incremental experiment: what memories are worth when classes come in steps and their real images go. */
@NullMarked
package dev.reverie.deploy.experiments.continual;

import org.jspecify.annotations.NullMarked;
