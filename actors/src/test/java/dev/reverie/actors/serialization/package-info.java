/** Tests of the binary formats. */
@NullMarked
package dev.reverie.actors.serialization;

import org.jspecify.annotations.NullMarked;
