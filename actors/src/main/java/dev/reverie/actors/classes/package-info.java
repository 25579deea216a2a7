/** What a class owns: its real images, its synthetic images with their momentum, its representatives. */
@NullMarked
package dev.reverie.actors.classes;

import org.jspecify.annotations.NullMarked;
