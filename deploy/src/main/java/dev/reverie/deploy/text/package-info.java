/** Wording that messages share: plurals, and the known name nearest to a mistyped one. */
@NullMarked
package dev.reverie.deploy.text;

import org.jspecify.annotations.NullMarked;
