/** The description of the API: held to a running service, and written as a page to read. */
@NullMarked
package dev.reverie.deploy.api;

import org.jspecify.annotations.NullMarked;
