/** The commands with their options, which are checked before any work begins, and the reports of failures. */
@NullMarked
package dev.reverie.deploy.cli;

import org.jspecify.annotations.NullMarked;
