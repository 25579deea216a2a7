/**
 * The life of one class of a running service. Its {@link dev.reverie.actors.lifecycle.DurableClassActor} judges the
 * samples that it is given, and persists new samples, learned images and phases as
 * {@link dev.reverie.actors.lifecycle.ClassEvent}s.
 */
@NullMarked
package dev.reverie.actors.lifecycle;

import org.jspecify.annotations.NullMarked;
