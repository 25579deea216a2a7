/** A running service, seen from outside: its HTTP interface as Java calls. */
@NullMarked
package dev.reverie.deploy.client;

import org.jspecify.annotations.NullMarked;
