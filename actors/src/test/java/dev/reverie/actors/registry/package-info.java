@NullMarked
package dev.reverie.actors.registry;

import org.jspecify.annotations.NullMarked;
