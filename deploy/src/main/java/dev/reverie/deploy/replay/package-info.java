/** Streams a dataset to a running service. */
@NullMarked
package dev.reverie.deploy.replay;

import org.jspecify.annotations.NullMarked;
