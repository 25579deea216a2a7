/** What the tests of all packages and modules share. */
@NullMarked
package dev.reverie.gpu;

import org.jspecify.annotations.NullMarked;
