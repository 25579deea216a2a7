/** The classes of a service: the durable list of their names and indices, and the actors that own and persist it. */
@NullMarked
package dev.reverie.actors.registry;

import org.jspecify.annotations.NullMarked;
