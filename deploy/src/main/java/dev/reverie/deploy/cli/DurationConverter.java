package dev.reverie.deploy.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.TypeConversionException;

/** Reads durations as people type them: {@code 90s}, {@code 5m}, {@code 1h30m}. */
final class DurationConverter {

    private static final Duration LONGEST = Duration.ofDays(1000);

    private DurationConverter() {}

    /**
     * Reads a duration above zero and up to 1000 days.
     *
     * @throws TypeConversionException if the text is not such a duration
     */
    static Duration parse(String text) {
        try {
            Duration duration = Duration.parse("PT" + text);
            if (duration.isPositive() && duration.compareTo(LONGEST) <= 0) {
                return duration;
            }
        } catch (DateTimeParseException _) {
            // reported below
        }
        throw new TypeConversionException("'" + text + "' is not a duration; write for example 90s, 5m or 1h30m");
    }
}
