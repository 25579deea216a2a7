/** The interface of a running service to its ingest sources, its API and its metrics. */
@NullMarked
package dev.reverie.streams.service;

import org.jspecify.annotations.NullMarked;
