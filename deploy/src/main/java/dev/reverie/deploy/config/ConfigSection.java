package dev.reverie.deploy.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
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

    /** A range that includes both ends, or begins above the first one. */
    private static final Pattern RANGE =
            Pattern.compile("(?<above>greater than )?(?<least>.+) (?:to|and at most) (?<most>.+)");

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
        return SECRETS.contains(key)
                ? StoreConfig.Secret.HIDDEN
                : PASSWORD.matcher(text).replaceAll("$1" + StoreConfig.Secret.HIDDEN);
    }

    /** Reads an integer in a range, for example {@code 1 to 65535}. */
    int integer(String name, String range) {
        return Math.toIntExact(whole(name, range));
    }

    long whole(String name, String range) {
        return inRange(name, "a whole number", range, ConfigSection::readWhole);
    }

    long whole(String name) {
        return value(name, ConfigSection::readWhole, _ -> true, "a 64-bit integer");
    }

    /** Reads an integer in a range; {@code auto} gives an empty value. */
    Optional<Integer> integerOrAuto(String name, String range) {
        return inRangeOrAuto(name, "a whole number", range, ConfigSection::readWhole)
                .map(Math::toIntExact);
    }

    /** Reads a size in a range, for example {@code 1 KiB to 64 GiB}. */
    long bytes(String name, String range) {
        return inRange(name, "a size", range, Config::getBytes);
    }

    /** Reads a size in a range; {@code auto} gives an empty value. */
    Optional<Integer> bytesOrAuto(String name, String range) {
        return inRangeOrAuto(name, "a size", range, Config::getBytes).map(Math::toIntExact);
    }

    double decimal(String name, String range) {
        return inRange(name, "a number", range, ConfigSection::readDecimal);
    }

    /** Reads a number in a range; {@code auto} gives an empty value. */
    Optional<Double> decimalOrAuto(String name, String range) {
        return inRangeOrAuto(name, "a number", range, ConfigSection::readDecimal);
    }

    /** Reads a duration in a range, for example {@code 100 ms to 1 h}. */
    Duration duration(String name, String range) {
        return inRange(name, "a duration", range, Config::getDuration);
    }

    private static long readWhole(Config config, String key) {
        return new BigDecimal(config.getString(key)).longValueExact();
    }

    private static double readDecimal(Config config, String key) {
        return Double.parseDouble(config.getString(key));
    }

    private <T extends Comparable<T>> T inRange(
            String name, String kind, String range, BiFunction<Config, String, T> reading) {
        return value(name, reading, allowed(range, reading), kind + ", " + range);
    }

    private <T extends Comparable<T>> Optional<T> inRangeOrAuto(
            String name, String kind, String range, BiFunction<Config, String, T> reading) {
        Predicate<T> allowed = allowed(range, reading);
        return value(
                name,
                (config, key) -> Optional.of(config.getString(key))
                        .filter(text -> !text.equals(AUTO))
                        .map(_ -> reading.apply(config, key)),
                number -> number.map(allowed::test).orElse(true),
                kind + ", " + range + ", or " + AUTO);
    }

    /** Returns whether a value is in a range, whose ends are written like values. */
    private static <T extends Comparable<T>> Predicate<T> allowed(String range, BiFunction<Config, String, T> reading) {
        Matcher ends = RANGE.matcher(range);
        if (!ends.matches()) {
            throw new IllegalArgumentException("not a range: " + range);
        }
        T least = reading.apply(ConfigFactory.parseMap(Map.of("end", ends.group("least"))), "end");
        T most = reading.apply(ConfigFactory.parseMap(Map.of("end", ends.group("most"))), "end");
        int belowLeast = ends.group("above") == null ? -1 : 0;
        return value -> value.compareTo(least) > belowLeast && value.compareTo(most) <= 0;
    }

    boolean flag(String name) {
        return value(name, Config::getBoolean, _ -> true, "true or false");
    }

    String text(String name) {
        return value(name, Config::getString, text -> !text.isBlank(), "a text that is not blank");
    }

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

    Optional<Path> optionalPath(String name) {
        return optional(name, Path::of, "a file name");
    }

    Optional<TargetSize> size(String name) {
        return optional(name, TargetSize::parse, "WIDTHxHEIGHT, from 1x1 to 1024x1024, or empty");
    }

    /** Reads a text, of which an empty one gives an empty value. */
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
     * Makes something of the values. If that throws an exception although each value is valid by itself, they do not
     * fit together, which is a problem.
     */
    <T> Optional<T> combined(Supplier<T> maker) {
        try {
            return Optional.of(maker.get());
        } catch (IllegalArgumentException e) {
            if (problems().isEmpty()) {
                problems.add(path + ": " + e.getMessage());
            }
            return Optional.empty();
        }
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
