/** Helpers for the wording of messages: plurals, and suggestions for mistyped names. */
@NullMarked
package dev.reverie.deploy.text;

import org.jspecify.annotations.NullMarked;
