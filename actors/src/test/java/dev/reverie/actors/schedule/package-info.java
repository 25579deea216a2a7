/** Tests of positions and samplers. */
@NullMarked
package dev.reverie.actors.schedule;

import org.jspecify.annotations.NullMarked;
