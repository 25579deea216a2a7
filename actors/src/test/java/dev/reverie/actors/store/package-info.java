/** Tests of the store and its failures. */
@NullMarked
package dev.reverie.actors.store;

import org.jspecify.annotations.NullMarked;
