package dev.reverie.deploy.config;

import com.typesafe.config.Config;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The keys there are, and the sections they stand in: exactly those of the default file. */
final class ConfigKeys {

    private final Set<String> keys = new TreeSet<>();
    private final Set<String> sections = new TreeSet<>();

    ConfigKeys(Config defaults) {
        for (Map.Entry<String, ?> entry : defaults.entrySet()) {
            String key = entry.getKey();
            keys.add(key);
            for (int dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
                sections.add(key.substring(0, dot));
            }
        }
    }

    /** In alphabetical order. */
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
        return nearest(path, keys);
    }

    String nearestSection(String path) {
        return nearest(path, sections);
    }

    private static String nearest(String path, Set<String> candidates) {
        return candidates.stream()
                .min(Comparator.comparingInt(candidate -> distance(path, candidate)))
                .orElseThrow();
    }

    /** Letters to change, or one if only the leading sections are missing. */
    private static int distance(String path, String candidate) {
        int least = edits(path, candidate);
        for (int dot = candidate.indexOf('.'); dot >= 0; dot = candidate.indexOf('.', dot + 1)) {
            least = Math.min(least, 1 + edits(path, candidate.substring(dot + 1)));
        }
        return least;
    }

    /** Levenshtein's distance. */
    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int kept = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(kept, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
