/** The documentation, held to the program: its commands are run, its figures of formats are compared with the code. */
@NullMarked
package dev.reverie.deploy.documentation;

import org.jspecify.annotations.NullMarked;
