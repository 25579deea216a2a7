package dev.reverie.deploy.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The sources of a configuration besides the defaults.
 *
 * @param file configuration file in HOCON, if any
 * @param properties names of Java's system properties; they set nothing, and those that look like keys cause a warning
 * @param overrides values from the command line by key, for example {@code reverie.http.port}
 */
public record ConfigSources(
        Optional<Path> file, Map<String, String> environment, Set<String> properties, Map<String, String> overrides) {

    public ConfigSources {
        environment = Map.copyOf(environment);
        properties = Set.copyOf(properties);
        overrides = Map.copyOf(overrides);
    }

    /**
     * Reads the configuration.
     *
     * @throws ConfigurationException if the file cannot be read, a key is unknown or a value is not allowed
     */
    public ReloadableValue<ServiceConfig> open() {
        return new ReloadableValue<>(file.stream().toList(), _ -> ServiceConfig.load(this), ServiceConfig::equals);
    }
}
