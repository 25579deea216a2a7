package dev.reverie.deploy.config;

import com.typesafe.config.Config;
import dev.reverie.deploy.text.NearestName;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToIntFunction;

/** Lists the keys that the default file defines, and the sections that contain them. */
final class KnownConfigKeys {

    private final Set<String> keys = new TreeSet<>();
    private final Set<String> sections = new TreeSet<>();

    KnownConfigKeys(Config defaults) {
        for (Map.Entry<String, ?> entry : defaults.entrySet()) {
            String key = entry.getKey();
            keys.add(key);
            for (int dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
                sections.add(key.substring(0, dot));
            }
        }
    }

    Set<String> all() {
        return keys;
    }

    boolean isKey(String path) {
        return keys.contains(path);
    }

    boolean isSection(String path) {
        return sections.contains(path);
    }

    String nearestKey(String path) {
        return nearest(keys, key -> distance(path, key));
    }

    String nearestSection(String path) {
        return nearest(sections, section -> distance(path, section));
    }

    /** Returns the environment variable that sets a key, for example {@code REVERIE_HTTP_PORT}. */
    static String variable(String key) {
        return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** Returns the candidate with the least distance, and of several such candidates the shortest. */
    static String nearest(Set<String> candidates, ToIntFunction<String> distance) {
        return candidates.stream()
                .min(Comparator.comparingInt(distance).thenComparingInt(String::length))
                .orElseThrow();
    }

    /** Counts the characters to change; any sections that are missing at the beginning count as one character. */
    static int distance(String path, String candidate) {
        int least = NearestName.edits(path, candidate);
        for (int dot = candidate.indexOf('.'); dot >= 0; dot = candidate.indexOf('.', dot + 1)) {
            least = Math.min(least, 1 + NearestName.edits(path, candidate.substring(dot + 1)));
        }
        return least;
    }
}
