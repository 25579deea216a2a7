/** How deliveries are examined, admitted and recognised. */
@NullMarked
package dev.reverie.actors.intake;

import org.jspecify.annotations.NullMarked;
