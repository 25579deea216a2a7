package dev.reverie.deploy.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValueType;
import dev.reverie.deploy.text.Spelling;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.dataset.TargetSize;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads and checks the values of a section. If a value is wrong, it records the problem and returns the default, so
 * that one pass finds all problems. Not thread safe.
 */
final class ConfigSection {

    private static final String AUTO = "auto";

    /** Keys whose values are never printed. */
    private static final Set<String> SECRETS = Set.of("reverie.store.postgres.password");

    /** Matches a password that a user wrote into a URL by mistake. */
    private static final Pattern PASSWORD = Pattern.compile("(?i)(password=)[^&;]*");

    private final ConfigLayers layers;
    private final String path;
    private final List<String> problems = new ArrayList<>();
    private final List<ConfigSection> sections = new ArrayList<>();

    ConfigSection(ConfigLayers layers, String path) {
        this.layers = layers;
        this.path = path;
    }

    ConfigSection at(String name) {
        ConfigSection section = new ConfigSection(layers, key(name));
        sections.add(section);
        return section;
    }

    /** Returns the problems found so far in this section and its subsections. */
    List<String> problems() {
        return Stream.concat(problems.stream(), sections.stream().flatMap(section -> section.problems().stream()))
                .toList();
    }

    /** Returns a value as text, with secrets hidden. */
    static String shown(Config config, String key) {
        String text = String.valueOf(config.getValue(key).unwrapped());
        return SECRETS.contains(key) ? Secret.HIDDEN : PASSWORD.matcher(text).replaceAll("$1" + Secret.HIDDEN);
    }

    /** Reads an integer from {@code least} to {@code most}, including both. */
    int integer(String name, int least, int most) {
        return Math.toIntExact(whole(name, AllowedRange.whole(least, most)));
    }

    long whole(String name, AllowedRange<Long> range) {
        return inRange(range, name, (config, key) -> new BigDecimal(config.getString(key)).longValueExact());
    }

    /** Reads a size from {@code least} to {@code most} bytes, including both. */
    long bytes(String name, long least, long most) {
        return inRange(AllowedRange.bytes(least, most), name, Config::getBytes);
    }

    /** Reads a size from 1 byte to 1 GiB. */
    int bytesOfOne(String name) {
        return Math.toIntExact(bytes(name, 1, AllowedRange.GIBIBYTE));
    }

    double decimal(String name, AllowedRange<Double> range) {
        return inRange(range, name, (config, key) -> Double.valueOf(config.getString(key)));
    }

    /** Reads a number; {@code auto} gives an empty value. */
    Optional<Double> decimalOrAuto(String name, AllowedRange<Double> range) {
        return inRangeOrAuto(range, name, Double::valueOf);
    }

    /** Reads an integer; {@code auto} gives an empty value. */
    Optional<Integer> integerOrAuto(String name, int least, int most) {
        return inRangeOrAuto(AllowedRange.whole(least, most), name, text -> new BigDecimal(text).longValueExact())
                .map(Math::toIntExact);
    }

    private <T extends Comparable<T>> Optional<T> inRangeOrAuto(
            AllowedRange<T> range, String name, Function<String, T> reading) {
        return value(
                name,
                (config, key) -> Optional.of(config.getString(key))
                        .filter(text -> !text.equals(AUTO))
                        .map(reading),
                number -> number.map(range::has).orElse(true),
                range.description() + ", or " + AUTO);
    }

    Duration duration(String name, AllowedRange<Duration> range) {
        return inRange(range, name, Config::getDuration);
    }

    boolean flag(String name) {
        return value(name, Config::getBoolean, _ -> true, "true or false");
    }

    String text(String name) {
        return value(name, Config::getString, text -> !text.isBlank(), "a text that is not blank");
    }

    /** Reads a text; an empty text gives an empty value. */
    Optional<String> optionalText(String name) {
        return optional(name, text -> text, "a text");
    }

    /** Reads a list of texts, or a text in which commas separate them; leaves out empty ones. */
    List<String> texts(String name) {
        return value(
                name,
                (config, key) -> parts(config, key)
                        .map(String::strip)
                        .filter(text -> !text.isEmpty())
                        .toList(),
                _ -> true,
                "a list of texts");
    }

    private static Stream<String> parts(Config config, String key) {
        return config.getValue(key).valueType() == ConfigValueType.LIST
                ? config.getStringList(key).stream()
                : Stream.of(config.getString(key).split(",", -1));
    }

    Path path(String name) {
        return value(
                name,
                (config, key) -> Path.of(config.getString(key)),
                path -> !path.toString().isBlank(),
                "a file name");
    }

    /** Reads a path; an empty text gives an empty value. */
    Optional<Path> optionalPath(String name) {
        return optional(name, Path::of, "a file name");
    }

    /** Reads a size of images; an empty text gives an empty value. */
    Optional<TargetSize> size(String name) {
        return optional(name, TargetSize::parse, "WIDTHxHEIGHT, from 1x1 to 1024x1024, or empty");
    }

    private <T> Optional<T> optional(String name, Function<String, T> reading, String wanted) {
        return value(
                name,
                (config, key) -> Optional.of(config.getString(key))
                        .filter(text -> !text.isEmpty())
                        .map(reading),
                _ -> true,
                wanted);
    }

    /** Reads the name of a constant, in upper or lower case. */
    <E extends Enum<E>> E constant(String name, Class<E> type) {
        return oneOf(name, List.copyOf(EnumSet.allOf(type)), Spelling::of);
    }

    /** Reads one of the choices, in upper or lower case. */
    <T> T oneOf(String name, List<T> choices, Function<T, String> spelling) {
        return value(
                        name,
                        (config, key) -> choices.stream()
                                .filter(choice -> spelling.apply(choice).equalsIgnoreCase(config.getString(key)))
                                .findFirst(),
                        Optional::isPresent,
                        "one of " + choices.stream().map(spelling).collect(Collectors.joining(", ")))
                .orElseThrow();
    }

    /** Reads one of the choices; {@code auto} gives an empty value. */
    <T> Optional<T> oneOfOrAuto(String name, List<T> choices, Function<T, String> spelling) {
        List<Optional<T>> optional = Stream.concat(choices.stream().map(Optional::of), Stream.of(Optional.<T>empty()))
                .toList();
        return oneOf(name, optional, choice -> choice.map(spelling).orElse(AUTO));
    }

    /** Whether the user has set a value, even if to the default. */
    boolean isSet(String name) {
        return !ConfigLayers.isDefault(layers.effective().getValue(key(name)));
    }

    /** Records a problem unless a condition holds that involves several values. */
    void require(boolean condition, String name, String what) {
        if (!condition) {
            record(key(name), what);
        }
    }

    /**
     * Makes something of the values if each value is valid by itself, and records the exception as a problem if they do
     * not fit together; empty if there is a problem.
     */
    <T> Optional<T> combined(Supplier<T> maker) {
        if (!problems().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(maker.get());
        } catch (IllegalArgumentException e) {
            problems.add(path + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private <T extends Comparable<T>> T inRange(
            AllowedRange<T> range, String name, BiFunction<Config, String, T> reading) {
        return value(name, reading, range::has, range.description());
    }

    private <T> T value(String name, BiFunction<Config, String, T> reading, Predicate<T> allowed, String wanted) {
        String key = key(name);
        try {
            T value = reading.apply(layers.effective(), key);
            if (allowed.test(value)) {
                return value;
            }
        } catch (ConfigException
                | ArithmeticException
                | NumberFormatException
                | InvalidPathException
                | DatasetException _) {
            // reported below
        }
        record(key, "it must be " + wanted);
        return reading.apply(layers.defaults(), key);
    }

    private void record(String key, String what) {
        String origin = ConfigLayers.origin(layers.effective().getValue(key));
        problems.add(key + " is '" + shown(layers.effective(), key) + "' (" + origin + "): " + what);
    }

    private String key(String name) {
        return path + "." + name;
    }
}
