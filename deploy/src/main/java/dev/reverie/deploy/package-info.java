/** The application: assembles the modules and runs the command line. */
@NullMarked
package dev.reverie.deploy;

import org.jspecify.annotations.NullMarked;
