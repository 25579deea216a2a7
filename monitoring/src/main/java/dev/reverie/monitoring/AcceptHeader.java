package dev.reverie.monitoring;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a client accepts according to a header such as {@code Accept} (RFC 9110, section 12.4.2).
 *
 * @param qualities quality of each accepted name, 0 to 1, by the name in lower case; 0 excludes the name
 */
public record AcceptHeader(Map<String, Double> qualities) {

    private static final Pattern QUALITY = Pattern.compile("q=(0(?:\\.\\d*)?|1(?:\\.0*)?)");

    public AcceptHeader {
        qualities = Map.copyOf(qualities);
    }

    /** Reads the value of a header, which need not be well-formed. */
    public static AcceptHeader of(String header) {
        Map<String, Double> qualities = new HashMap<>();
        for (String range : header.toLowerCase(Locale.ROOT).split(",", -1)) {
            List<String> parts =
                    Stream.of(range.split(";", -1)).map(String::strip).toList();
            double quality = parts.stream()
                    .filter(part -> part.startsWith("q="))
                    .findFirst()
                    .map(AcceptHeader::number)
                    .orElse(1.0);
            qualities.merge(parts.getFirst(), quality, Double::max);
        }
        return new AcceptHeader(qualities);
    }

    private static double number(String parameter) {
        Matcher number = QUALITY.matcher(parameter);
        return number.matches() ? Double.parseDouble(number.group(1)) : 0;
    }

    /** Returns the quality of the first of these names that the header has, or 0 if it has none of them. */
    public double quality(List<String> names) {
        return names.stream()
                .map(name -> Optional.ofNullable(qualities.get(name)))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(0.0);
    }
}
