/** The durable store of a service: a database in a folder or on a server, its schema, its lock, and its failures. */
@NullMarked
package dev.reverie.actors.store;

import org.jspecify.annotations.NullMarked;
