/** The runnable: the command line and the assembly of the other modules. */
@NullMarked
package dev.reverie.deploy;

import org.jspecify.annotations.NullMarked;
