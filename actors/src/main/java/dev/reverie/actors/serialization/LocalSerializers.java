package dev.reverie.actors.serialization;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Removes the serialisers that Pekko has for messages between processes. A system of one process never uses them, but
 * would load some hundreds of their classes when it starts.
 */
public final class LocalSerializers {

    private static final String SERIALIZERS = "pekko.actor.serializers";
    private static final String BINDINGS = "pekko.actor.serialization-bindings";

    private LocalSerializers() {}

    /** Returns the settings of a system of one process without those serialisers and without the bindings to them. */
    public static Config only(Config settings) {
        ConfigObject all = settings.getObject(SERIALIZERS);
        ConfigObject local = without(all, LocalSerializers::isRemote);
        ConfigObject bindings = without(
                settings.getObject(BINDINGS),
                serializer -> all.containsKey(serializer) && !local.containsKey(serializer));
        return settings.withValue(SERIALIZERS, local).withValue(BINDINGS, bindings);
    }

    private static boolean isRemote(String type) {
        return type.startsWith("org.apache.pekko.cluster.") || type.startsWith("org.apache.pekko.remote.");
    }

    private static ConfigObject without(ConfigObject entries, Predicate<String> removed) {
        ConfigObject kept = entries;
        for (Map.Entry<String, ConfigValue> entry : entries.entrySet()) {
            if (removed.test(entry.getValue().unwrapped().toString())) {
                kept = kept.withoutKey(entry.getKey());
            }
        }
        return kept;
    }
}
