/** What happens in one inner loop, in a run with an end as in one without: visits, training, initial images. */
@NullMarked
package dev.reverie.actors.loop;

import org.jspecify.annotations.NullMarked;
