package dev.reverie.deploy.config;

import java.util.List;
import java.util.Set;

/** Finds system properties of Java that look like a setting of the service, which has no settings of this kind. */
final class UnusedProperties {

    private static final String PREFIX = "reverie.";

    private UnusedProperties() {}

    /** Returns a sentence for each property whose name begins with {@code reverie.}. */
    static List<String> unused(Set<String> properties, KnownConfigKeys keys) {
        return properties.stream()
                .filter(name -> name.startsWith(PREFIX))
                .sorted()
                .map(name -> "the system property " + name + " has no meaning: set the environment variable "
                        + KnownConfigKeys.variable(keys.nearestKey(name)) + " instead")
                .toList();
    }
}
