package dev.reverie.deploy.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigResolver;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sources of a configuration in order of precedence: command line, environment, file, defaults. Unknown keys are
 * recorded as problems and otherwise ignored.
 */
final class ConfigLayers {

    private static final String DEFAULT = "default";
    private static final String COMMAND_LINE = "command line";

    private final Config defaults;
    private final KnownConfigKeys keys;
    private final List<String> problems = new ArrayList<>();
    private final Config effective;

    /** Reads and merges the sources. A file that cannot be read is recorded as a problem. */
    ConfigLayers(ConfigSources sources) {
        Config documented = ConfigFactory.parseResources(
                ConfigLayers.class,
                "service.conf",
                ConfigParseOptions.defaults().setAllowMissing(false).setOriginDescription(DEFAULT));
        defaults = documented.resolve(ConfigResolveOptions.noSystem());
        keys = new KnownConfigKeys(defaults);
        ConfigResolveOptions options =
                ConfigResolveOptions.noSystem().appendResolver(new Environment(sources.environment()));
        effective = ofCommandLine(sources.overrides())
                .withFallback(ofEnvironment(documented.resolve(options)))
                .withFallback(sources.file().map(path -> ofFile(path, options)).orElse(ConfigFactory.empty()))
                .withFallback(defaults);
    }

    Config effective() {
        return effective;
    }

    Config defaults() {
        return defaults;
    }

    KnownConfigKeys keys() {
        return keys;
    }

    /** Returns the problems found so far: unreadable files, unknown keys and values of the wrong type. */
    List<String> problems() {
        return problems;
    }

    /** Returns the origin of a value as text, for example {@code default} or {@code my.conf: 3}. */
    static String origin(ConfigValue value) {
        String description = value.origin().description();
        return description.startsWith(DEFAULT + ":") ? DEFAULT : description;
    }

    static boolean isDefault(ConfigValue value) {
        return origin(value).equals(DEFAULT);
    }

    private record Environment(Map<String, String> variables) implements ConfigResolver {

        static String origin(String variable) {
            return "environment variable " + variable;
        }

        @Override
        public @Nullable ConfigValue lookup(String variable) {
            String value = variables.get(variable);
            return value == null ? null : ConfigValueFactory.fromAnyRef(value, origin(variable));
        }

        @Override
        public ConfigResolver withFallback(ConfigResolver fallback) {
            return this;
        }
    }

    private Config ofCommandLine(Map<String, String> overrides) {
        Config layer = ConfigFactory.empty();
        for (Map.Entry<String, String> entry : overrides.entrySet()) {
            ConfigValue value = ConfigValueFactory.fromAnyRef(entry.getValue(), COMMAND_LINE);
            if (keys.isKey(entry.getKey())) {
                layer = layer.withValue(entry.getKey(), value);
            } else {
                problems.add(unknown(entry.getKey(), value));
            }
        }
        return layer;
    }

    /**
     * Returns the values that environment variables set in the default file; they take precedence over the user's file.
     */
    private Config ofEnvironment(Config substituted) {
        Config layer = ConfigFactory.empty();
        for (String key : keys.all()) {
            ConfigValue value = substituted.getValue(key);
            if (value.origin().description().startsWith(Environment.origin(""))) {
                layer = layer.withValue(key, value);
            }
        }
        return layer;
    }

    private Config ofFile(Path file, ConfigResolveOptions options) {
        try {
            Config parsed = ConfigFactory.parseFile(
                            file.toFile(),
                            ConfigParseOptions.defaults().setAllowMissing(false).setOriginDescription(file.toString()))
                    .resolve(options);
            return known(parsed.root(), "", ConfigFactory.empty());
        } catch (ConfigException.IO _) {
            problems.add("the configuration " + file + " cannot be read: name an existing, readable file");
        } catch (ConfigException.UnresolvedSubstitution e) {
            problems.add("the configuration refers to something that is not set (" + e.getMessage()
                    + "): set the variable, or write ${?NAME} for one that may be missing");
        } catch (ConfigException e) {
            problems.add("the configuration has a syntax error: " + e.getMessage());
        } catch (StackOverflowError _) { // the parser recurses
            problems.add("the configuration " + file + " is nested too deeply: correct its brackets");
        }
        return ConfigFactory.empty();
    }

    private Config known(ConfigObject object, String prefix, Config layer) {
        Config known = layer;
        for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
            String path = prefix + ConfigUtil.joinPath(entry.getKey());
            ConfigValue value = entry.getValue();
            if (keys.isSection(path) && value instanceof ConfigObject section) {
                known = known(section, path + ".", known);
            } else if (keys.isKey(path) && isAllowed(path, value)) {
                known = known.withValue(path, value);
            } else {
                problems.add(keys.isKey(path) || keys.isSection(path) ? misplaced(path, value) : unknown(path, value));
            }
        }
        return known;
    }

    private boolean isAllowed(String key, ConfigValue value) {
        return switch (value.valueType()) {
            case STRING, NUMBER, BOOLEAN -> true;
            case LIST -> isList(key);
            case OBJECT, NULL -> false;
        };
    }

    private boolean isList(String key) {
        return defaults.getValue(key).valueType() == ConfigValueType.LIST;
    }

    private String misplaced(String path, ConfigValue value) {
        return path + " has the wrong type (" + origin(value) + "): it must be "
                + (keys.isSection(path)
                        ? "a section, " + path + " { ... }"
                        : isList(path) ? "a list of texts" : "a single value");
    }

    private String unknown(String path, ConfigValue value) {
        String nearest =
                value.valueType() == ConfigValueType.OBJECT ? keys.nearestSection(path) : keys.nearestKey(path);
        return "unknown key " + path + " (" + origin(value) + "): did you mean " + nearest + "?";
    }
}
