/** The main job in minutes: distil, compare, report. */
@NullMarked
package dev.reverie.deploy.demo;

import org.jspecify.annotations.NullMarked;
