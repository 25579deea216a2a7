/** Progress of long work: a bar on a terminal, occasional lines in a log. */
@NullMarked
package dev.reverie.deploy.progress;

import org.jspecify.annotations.NullMarked;
