/**
 * A distillation run in a folder: its files, interruption and results; and what all commands share: how signals and
 * failures end them, and how they describe themselves.
 */
@NullMarked
package dev.reverie.deploy.run;

import org.jspecify.annotations.NullMarked;
