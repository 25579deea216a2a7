@NullMarked
package dev.reverie.actors.expert;

import org.jspecify.annotations.NullMarked;
