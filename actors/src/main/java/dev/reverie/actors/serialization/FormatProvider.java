package dev.reverie.actors.serialization;

import java.util.List;

/**
 * What one package stores and sends. Found by {@link java.util.ServiceLoader}, so that the serializer depends on none
 * of the packages whose values it writes.
 */
public interface FormatProvider {

    /**
     * The formats of this package; their numbers and names are taken by nobody else.
     *
     * @param actors writes the references to actors in messages
     */
    List<VersionedFormat<?>> formats(ActorRefs actors);
}
