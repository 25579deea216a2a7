/** What a class owns. */
@NullMarked
package dev.reverie.actors.classes;

import org.jspecify.annotations.NullMarked;
