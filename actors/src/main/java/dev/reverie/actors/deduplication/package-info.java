/** By what a sample is recognised when it comes again. */
@NullMarked
package dev.reverie.actors.deduplication;

import org.jspecify.annotations.NullMarked;
