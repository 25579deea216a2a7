/** The metrics of a running service, and how they are served. */
@NullMarked
package dev.reverie.deploy.observe;

import org.jspecify.annotations.NullMarked;
