/** Gets published datasets onto this machine, verified. */
@NullMarked
package dev.reverie.deploy.fetch;

import org.jspecify.annotations.NullMarked;
