/** One class: its real images, its synthetic images with their momentum, its representatives, and its actor. */
@NullMarked
package dev.reverie.actors.classes;

import org.jspecify.annotations.NullMarked;
