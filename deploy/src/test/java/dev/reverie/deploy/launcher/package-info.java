/** The launcher script, run for real beside a JDK and a Maven that are not. */
@NullMarked
package dev.reverie.deploy.launcher;

import org.jspecify.annotations.NullMarked;
