/** A dataset as a live stream to a running service. */
@NullMarked
package dev.reverie.deploy.replay;

import org.jspecify.annotations.NullMarked;
