/** A service in memory for the tests of ingest sources and the HTTP API. */
@NullMarked
package dev.reverie.streams.service;

import org.jspecify.annotations.NullMarked;
