package dev.reverie.monitoring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The alert rules as text; promtool checks their YAML. */
final class AlertRules {

    static final Path PROMETHEUS = Path.of("src", "main", "prometheus");
    static final Path FILE = PROMETHEUS.resolve("reverie-alerts.yml");
    static final Path TESTS = Path.of("src", "test", "prometheus");

    private static final Pattern BEGIN = Pattern.compile("(?m)^ +- (?:alert|record): ");

    /** The text of one alert. */
    record Alert(String name, String text) {}

    private AlertRules() {}

    static List<Alert> all() throws IOException {
        return BEGIN.splitAsStream(Files.readString(FILE))
                .filter(rule -> rule.startsWith("Reverie"))
                .map(rule -> new Alert(rule.lines().findFirst().orElseThrow(), rule))
                .toList();
    }

    static List<String> names() throws IOException {
        return all().stream().map(Alert::name).toList();
    }

    /** Returns the names of the files in a folder with this suffix, without the suffix. */
    static List<String> pages(Path folder, String end) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(end))
                    .map(name -> name.substring(0, name.length() - end.length()))
                    .toList();
        }
    }
}
