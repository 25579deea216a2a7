/** A distillation as a run in a folder: its files, its interruption, and what it leaves behind. */
@NullMarked
package dev.reverie.deploy.run;

import org.jspecify.annotations.NullMarked;
