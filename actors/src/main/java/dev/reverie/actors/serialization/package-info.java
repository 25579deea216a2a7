/** Serialisation of stored values and messages with Kryo: registered types only, versioned, with checksums. */
@NullMarked
package dev.reverie.actors.serialization;

import org.jspecify.annotations.NullMarked;
