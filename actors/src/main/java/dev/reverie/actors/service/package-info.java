/**
 * How a service learns: its coordinator distils classes that arrive, converge, wake and are forgotten while the loops
 * continue. Accepting samples is the work of {@code intake}, and the service as its users see it is in
 * {@code streams.service}.
 */
@NullMarked
package dev.reverie.actors.service;

import org.jspecify.annotations.NullMarked;
