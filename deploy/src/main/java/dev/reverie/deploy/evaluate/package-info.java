/** The result of the evaluation of a set, and its text for a terminal and for a file. */
@NullMarked
package dev.reverie.deploy.evaluate;

import org.jspecify.annotations.NullMarked;
