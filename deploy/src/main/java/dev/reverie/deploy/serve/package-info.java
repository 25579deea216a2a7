/** The service process, which runs the ingest sources, the API and the metrics. */
@NullMarked
package dev.reverie.deploy.serve;

import org.jspecify.annotations.NullMarked;
