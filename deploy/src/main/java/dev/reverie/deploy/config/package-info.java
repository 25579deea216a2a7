/** What {@code reverie serve} can be told: read from options, environment, file and defaults, checked as a whole. */
@NullMarked
package dev.reverie.deploy.config;

import org.jspecify.annotations.NullMarked;
