/** What a store keeps, and what it says when it can't. */
@NullMarked
package dev.reverie.actors.store;

import org.jspecify.annotations.NullMarked;
