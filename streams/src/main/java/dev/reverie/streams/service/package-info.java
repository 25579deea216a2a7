/**
 * A running service as its ingest sources, its API and its metrics see it: interfaces and values only. The package
 * {@code streams.runtime} implements it on actors, and {@code deploy.serve} is the process in which it runs.
 */
@NullMarked
package dev.reverie.streams.service;

import org.jspecify.annotations.NullMarked;
