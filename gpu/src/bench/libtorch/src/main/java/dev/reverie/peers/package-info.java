/** Benchmarks of other engines that do the work of Reverie's engine. */
@NullMarked
package dev.reverie.peers;

import org.jspecify.annotations.NullMarked;
