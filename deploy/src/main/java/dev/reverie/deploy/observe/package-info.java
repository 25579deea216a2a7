/** Collects and serves the metrics of a running service. */
@NullMarked
package dev.reverie.deploy.observe;

import org.jspecify.annotations.NullMarked;
