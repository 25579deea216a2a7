/**
 * The life of one class of a running service. Its {@link dev.reverie.actors.lifecycle.DurableClassActor} persists
 * samples, learned images and phases as {@link dev.reverie.actors.lifecycle.ClassEvent}s. Before it stores samples, it
 * examines them, and reserves their ids until the other classes of the delivery have examined theirs.
 */
@NullMarked
package dev.reverie.actors.lifecycle;

import org.jspecify.annotations.NullMarked;
