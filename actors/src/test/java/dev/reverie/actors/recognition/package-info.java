/** How samples are recognised. */
@NullMarked
package dev.reverie.actors.recognition;

import org.jspecify.annotations.NullMarked;
