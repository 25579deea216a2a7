/** The commands: what is asked for, checked before any work begins, and how failures are told. */
@NullMarked
package dev.reverie.deploy.cli;

import org.jspecify.annotations.NullMarked;
