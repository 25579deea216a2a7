/** Tests of the JSON of the API. */
@NullMarked
package dev.reverie.streams.json;

import org.jspecify.annotations.NullMarked;
