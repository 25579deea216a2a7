/** The matching stream between the classes and the worker, and the entry point of a distillation run. */
@NullMarked
package dev.reverie.streams;

import org.jspecify.annotations.NullMarked;
