/** Tests of the folder of an expert. */
@NullMarked
package dev.reverie.actors.expert;

import org.jspecify.annotations.NullMarked;
