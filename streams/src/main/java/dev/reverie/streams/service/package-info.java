/** The interface that a running service offers to its ingest sources, its API and its metrics. */
@NullMarked
package dev.reverie.streams.service;

import org.jspecify.annotations.NullMarked;
