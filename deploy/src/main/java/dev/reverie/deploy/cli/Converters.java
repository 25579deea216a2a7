package dev.reverie.deploy.cli;

import dev.reverie.client.ServiceAddress;
import dev.reverie.deploy.text.NearestName;
import dev.reverie.deploy.text.Spelling;
import dev.reverie.gpu.dataset.ImageShape;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts the texts of options as people type them. */
public final class Converters {

    private static final Pattern SHAPE = Pattern.compile("([1-9]\\d{0,2}),([1-9]\\d{0,3}),([1-9]\\d{0,3})");

    /** Values of the largest image, 4,096 by 4,096 with one channel. */
    private static final long MAX_VALUES = 1L << 24;

    private static final Duration LONGEST = Duration.ofDays(1000);

    private Converters() {}

    /** Converts the names of all constants of an enum, as {@link #named(String, List)} does. */
    public static <E extends Enum<E>> ITypeConverter<E> named(String kind, Class<E> type) {
        return named(kind, List.copyOf(EnumSet.allOf(type)));
    }

    /**
     * Converts the names of constants; the message for an unknown name lists the known ones.
     *
     * @param kind noun for the values in messages, for example {@code method}; its plural adds an s
     */
    static <E extends Enum<E>> ITypeConverter<E> named(String kind, List<E> values) {
        return text -> {
            String wanted = text.toLowerCase(Locale.ROOT);
            List<String> names = values.stream().map(Spelling::of).toList();
            if (names.contains(wanted)) {
                return values.get(names.indexOf(wanted));
            }
            String question = NearestName.of(wanted, names)
                    .map(name -> "; did you mean " + name + "?")
                    .orElse(".");
            throw new TypeConversionException("unknown " + kind + " '" + text + "'" + question + " The " + kind
                    + "s are " + String.join(", ", names));
        };
    }

    /** Reads a duration above zero and up to 1000 days: {@code 90s}, {@code 5m}, {@code 1h30m}. */
    static Duration duration(String text) {
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

    /** Reads the channels, height and width of an image. */
    static ImageShape shape(String text) {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException(
                    "'" + text + "' is not an image shape; write channels,height,width, for example 3,32,32");
        }
        int channels = Integer.parseInt(matcher.group(1));
        int height = Integer.parseInt(matcher.group(2));
        int width = Integer.parseInt(matcher.group(3));
        long values = (long) channels * height * width;
        if (values > MAX_VALUES) {
            throw new TypeConversionException(
                    "'" + text + "' is an image of " + values + " values; write a shape of at most " + MAX_VALUES);
        }
        return new ImageShape(channels, height, width);
    }

    /** Refuses an empty path, which a variable that is not set leaves and which would mean the working directory. */
    static Path path(String text) {
        if (text.isBlank()) {
            throw new TypeConversionException("a path is empty; name a file or folder, for example . for this folder");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new TypeConversionException("'" + text + "' is not a path: " + e.getReason());
        }
    }

    static URI address(String text) {
        try {
            return ServiceAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
