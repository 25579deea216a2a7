/** How values become bytes, in the store and between processes: Kryo, registered types only, versioned, checksummed. */
@NullMarked
package dev.reverie.actors.serialization;

import org.jspecify.annotations.NullMarked;
