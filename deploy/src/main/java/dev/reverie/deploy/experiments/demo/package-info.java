/** The main job in minutes: distil, compare, report. */
@NullMarked
package dev.reverie.deploy.experiments.demo;

import org.jspecify.annotations.NullMarked;
