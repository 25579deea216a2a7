/**
 * The metrics of a service and of a run: its sources, reads, store, nodes and engines, and the port that serves them.
 */
@NullMarked
package dev.reverie.deploy.observe;

import org.jspecify.annotations.NullMarked;
