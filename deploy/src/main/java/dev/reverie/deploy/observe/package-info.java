/** What operators see of a running service: its metrics, and how they are served. */
@NullMarked
package dev.reverie.deploy.observe;

import org.jspecify.annotations.NullMarked;
