/** Tests of the memory of one class. */
@NullMarked
package dev.reverie.actors.classes;

import org.jspecify.annotations.NullMarked;
