/**
 * The life of one class of a running service. Its {@link dev.reverie.actors.lifecycle.DurableClassActor} persists samples,
 * learned images and phases as {@link dev.reverie.actors.lifecycle.ClassEvent}s.
 */
@NullMarked
package dev.reverie.actors.lifecycle;

import org.jspecify.annotations.NullMarked;
