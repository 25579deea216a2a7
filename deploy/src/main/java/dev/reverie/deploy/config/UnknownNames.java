package dev.reverie.deploy.config;

import dev.reverie.deploy.text.NearestName;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Warns about environment variables and system properties that look like a setting of the service but set nothing. */
final class UnknownNames {

    private static final String PREFIX = "REVERIE_";

    private static final String PROPERTIES = "reverie.";

    /** Maximum number of edits between a known variable and a misspelt one that does not begin with the prefix. */
    private static final int MOST_EDITS = 2;

    /**
     * Known variables without a key: those of the launcher, the log, the engines, the datasets, the container's start
     * script, Compose and the tests.
     */
    private static final Set<String> WITHOUT_KEY = Set.of(
            "REVERIE_BF16",
            "REVERIE_DATA",
            "REVERIE_GPU_WORKERS",
            "REVERIE_JAVA_OPTS",
            "REVERIE_LOG_FORMAT",
            "REVERIE_STORE_POSTGRES_PASSWORD_FILE",
            "REVERIE_TEST_PROGRAMS",
            "REVERIE_TEST_URL",
            "REVERIE_TF32",
            "REVERIE_TOKENS");

    /** Variables that Kubernetes and Docker set in containers if a service is named reverie. */
    private static final Pattern SERVICE_LINK = Pattern.compile(PREFIX
            + "(?:\\w+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_\\w+)?|PORT_\\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)");

    private static final Pattern LINKED_ADDRESS = Pattern.compile("(?:tcp|udp|sctp)://.*");

    private UnknownNames() {}

    /**
     * Returns a sentence for each unknown variable that begins with {@code REVERIE_}, or whose name is almost that of a
     * known variable, and for each system property whose name begins with {@code reverie.}.
     */
    static List<String> warnings(ConfigSources sources, KnownConfigKeys keys) {
        return Stream.concat(
                        ofVariables(sources.environment(), keys).stream(),
                        sources.properties().stream()
                                .filter(name -> name.startsWith(PROPERTIES))
                                .sorted()
                                .map(name -> "the system property " + name
                                        + " has no meaning: set the environment variable "
                                        + KnownConfigKeys.variable(keys.nearestKey(name)) + " instead"))
                .toList();
    }

    private static List<String> ofVariables(Map<String, String> environment, KnownConfigKeys keys) {
        Set<String> known = Stream.concat(keys.all().stream().map(KnownConfigKeys::variable), WITHOUT_KEY.stream())
                .collect(Collectors.toCollection(TreeSet::new));
        return new TreeMap<>(environment)
                .entrySet().stream()
                        .filter(variable -> !known.contains(variable.getKey()))
                        .filter(variable ->
                                variable.getKey().startsWith(PREFIX) || isMisspelt(variable.getKey(), known))
                        .filter(variable -> !isServiceLink(variable.getKey(), variable.getValue()))
                        .map(variable -> "the environment variable " + variable.getKey()
                                + " has no meaning: unset it, or did you mean " + nearest(variable.getKey(), known)
                                + "?")
                        .toList();
    }

    private static boolean isServiceLink(String name, String value) {
        return SERVICE_LINK.matcher(name).matches()
                || (name.endsWith("_PORT") && LINKED_ADDRESS.matcher(value).matches());
    }

    private static boolean isMisspelt(String name, Set<String> known) {
        String upper = name.toUpperCase(Locale.ROOT);
        return known.stream().anyMatch(candidate -> NearestName.edits(upper, candidate) <= MOST_EDITS);
    }

    private static String nearest(String name, Set<String> known) {
        ToIntFunction<String> distance = name.startsWith(PREFIX)
                ? candidate -> KnownConfigKeys.distance(path(name), path(candidate))
                : candidate -> NearestName.edits(name.toUpperCase(Locale.ROOT), candidate);
        return KnownConfigKeys.nearest(known, distance);
    }

    /**
     * Converts a variable to the form of a key, so that {@link KnownConfigKeys#distance} counts a forgotten section as
     * one character.
     */
    private static String path(String variable) {
        return variable.substring(PREFIX.length()).replace('_', '.');
    }
}
