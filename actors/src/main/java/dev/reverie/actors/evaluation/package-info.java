/** What the memory is worth: a learner trained on it alone is tested on real images that came in later. */
@NullMarked
package dev.reverie.actors.evaluation;

import org.jspecify.annotations.NullMarked;
