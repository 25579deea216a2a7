/**
 * Where everything durable lies: a database in a folder or on a server, its schema, its lock, and what can go wrong.
 */
@NullMarked
package dev.reverie.actors.store;

import org.jspecify.annotations.NullMarked;
