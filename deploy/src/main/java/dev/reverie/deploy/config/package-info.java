/**
 * The configuration of {@code reverie serve}: read from options, environment, file and defaults, and checked as a
 * whole.
 */
@NullMarked
package dev.reverie.deploy.config;

import org.jspecify.annotations.NullMarked;
