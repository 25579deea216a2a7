package dev.reverie.deploy.config;

import java.time.Duration;
import java.util.List;

/**
 * A range of allowed values, including both ends.
 *
 * @param kind the kind of value, for example {@code a whole number}
 * @param words the range as text, for example {@code 1 to 65535}, worded as in the comment on the key in the default
 *     configuration file; empty if {@code kind} alone describes the range
 */
record AllowedRange<T extends Comparable<T>>(T least, T most, String kind, String words) {

    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");
    private static final int STEP = 1024;

    static final long KIBIBYTE = STEP;
    static final long GIBIBYTE = KIBIBYTE * STEP * STEP;
    static final long TEBIBYTE = GIBIBYTE * STEP;

    static final AllowedRange<Duration> TIMEOUT =
            durations(Duration.ofMillis(100), Duration.ofHours(1), "100 ms to 1 h");

    static AllowedRange<Long> whole(long least, long most) {
        return new AllowedRange<>(least, most, "a whole number", least + " to " + most);
    }

    /** Returns the range of all 64-bit integers. */
    static AllowedRange<Long> any() {
        return new AllowedRange<>(Long.MIN_VALUE, Long.MAX_VALUE, "a 64-bit integer", "");
    }

    static AllowedRange<Long> bytes(long least, long most) {
        return new AllowedRange<>(least, most, "a size", size(least) + " to " + size(most));
    }

    static AllowedRange<Double> decimals(double least, double most, String words) {
        return new AllowedRange<>(least, most, "a number", words);
    }

    static AllowedRange<Duration> durations(Duration least, Duration most, String words) {
        return new AllowedRange<>(least, most, "a duration", words);
    }

    /** Describes the allowed values, for example {@code a whole number, 1 to 65535}. */
    String description() {
        return words.isEmpty() ? kind : kind + ", " + words;
    }

    boolean has(T value) {
        return value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
    }

    private static String size(long bytes) {
        int unit = 0;
        long value = bytes;
        while (value >= STEP && value % STEP == 0 && unit < UNITS.size() - 1) {
            value /= STEP;
            unit++;
        }
        return value + " " + UNITS.get(unit);
    }
}
