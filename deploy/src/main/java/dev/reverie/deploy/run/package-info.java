/** A distillation run in a folder: its files, interruption and results. */
@NullMarked
package dev.reverie.deploy.run;

import org.jspecify.annotations.NullMarked;
