package dev.reverie.actors.serialization;

import java.util.List;

/**
 * Provides the formats of one package. {@link java.util.ServiceLoader} finds the providers, so that the serializer does
 * not depend on their packages.
 */
public interface FormatProvider {

    /**
     * The formats of this package. Their names and types are unique among all providers.
     *
     * @param layouts the layouts of records, of actors, and of the types that packages have in common
     */
    List<VersionedFormat<?>> formats(Layouts layouts);
}
