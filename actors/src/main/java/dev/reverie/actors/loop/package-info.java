/** The inner loop, which runs and services share: visits, training of the network, initial images. */
@NullMarked
package dev.reverie.actors.loop;

import org.jspecify.annotations.NullMarked;
