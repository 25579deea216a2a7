/** Downloads and verifies published datasets. */
@NullMarked
package dev.reverie.deploy.fetch;

import org.jspecify.annotations.NullMarked;
