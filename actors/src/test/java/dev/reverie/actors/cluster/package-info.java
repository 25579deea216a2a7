@NullMarked
package dev.reverie.actors.cluster;

import org.jspecify.annotations.NullMarked;
