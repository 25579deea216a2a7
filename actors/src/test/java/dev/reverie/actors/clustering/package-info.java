/** Tests of the refresh of representatives. */
@NullMarked
package dev.reverie.actors.clustering;

import org.jspecify.annotations.NullMarked;
