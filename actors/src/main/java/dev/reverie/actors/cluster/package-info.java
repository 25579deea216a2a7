/** Several nodes that act as one service: how they find each other, and which of them are there. */
@NullMarked
package dev.reverie.actors.cluster;

import org.jspecify.annotations.NullMarked;
