package dev.reverie.deploy.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** Durations as people type them: {@code 90s}, {@code 5m}, {@code 1h30m}. */
final class DurationConverter {

    private static final Pattern FORM = Pattern.compile("(?:(\\d{1,4})h)?(?:(\\d{1,6})m)?(?:(\\d{1,8})s)?");

    private DurationConverter() {}

    /**
     * Reads a positive duration.
     *
     * @throws TypeConversionException if it is of another form, or zero
     */
    static Duration parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (matcher.matches()) {
            Duration duration = Duration.ofHours(part(matcher, 1))
                    .plusMinutes(part(matcher, 2))
                    .plusSeconds(part(matcher, 3));
            if (duration.isPositive()) {
                return duration;
            }
        }
        throw new TypeConversionException("'" + text + "' is no duration; write for example 90s, 5m or 1h30m");
    }

    private static long part(Matcher matcher, int group) {
        String digits = matcher.group(group);
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
