/** The documentation, held to the program. */
@NullMarked
package dev.reverie.deploy.documentation;

import org.jspecify.annotations.NullMarked;
