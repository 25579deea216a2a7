/** The service process: ingest sources, API and metrics, from its configuration to its last save. */
@NullMarked
package dev.reverie.deploy.serve;

import org.jspecify.annotations.NullMarked;
