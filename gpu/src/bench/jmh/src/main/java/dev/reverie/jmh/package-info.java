/** Single kernels, each on one core, at the sizes of a published network. */
@NullMarked
package dev.reverie.jmh;

import org.jspecify.annotations.NullMarked;
