/** The rules of the house that the compiler cannot hold. */
@NullMarked
package dev.reverie.deploy.architecture;

import org.jspecify.annotations.NullMarked;
