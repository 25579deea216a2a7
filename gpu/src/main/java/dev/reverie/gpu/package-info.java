/** What the packages of the numerics share. */
@NullMarked
package dev.reverie.gpu;

import org.jspecify.annotations.NullMarked;
