/** A client of the HTTP API of a running service. */
@NullMarked
package dev.reverie.deploy.client;

import org.jspecify.annotations.NullMarked;
