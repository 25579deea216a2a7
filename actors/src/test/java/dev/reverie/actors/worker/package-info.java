/** Tests of the worker and its failures. */
@NullMarked
package dev.reverie.actors.worker;

import org.jspecify.annotations.NullMarked;
