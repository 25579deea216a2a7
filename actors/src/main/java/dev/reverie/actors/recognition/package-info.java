/** By what a sample is recognised when it comes again. */
@NullMarked
package dev.reverie.actors.recognition;

import org.jspecify.annotations.NullMarked;
