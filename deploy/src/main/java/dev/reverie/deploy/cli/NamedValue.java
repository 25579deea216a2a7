package dev.reverie.deploy.cli;

import dev.reverie.deploy.text.NearestName;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts names on the command line to values; the message for an unknown name lists the known ones. */
public final class NamedValue {

    private NamedValue() {}

    /**
     * Converts the lower-case names of enum constants.
     *
     * @param kind noun for the values in messages, for example {@code preset}; its plural adds an s
     */
    static <E extends Enum<E>> ITypeConverter<E> converter(String kind, E[] values) {
        return converter(kind, values, value -> value.name().toLowerCase(Locale.ROOT));
    }

    /**
     * Converts the names that {@code naming} gives to the values.
     *
     * @param kind noun for the values in messages, for example {@code method}; its plural adds an s
     * @param naming returns the name of a value, in lower case
     */
    public static <E> ITypeConverter<E> converter(String kind, E[] values, Function<E, String> naming) {
        return text -> {
            String wanted = text.toLowerCase(Locale.ROOT);
            for (E value : values) {
                if (naming.apply(value).equals(wanted)) {
                    return value;
                }
            }
            List<String> names = List.of(values).stream().map(naming).toList();
            String question = NearestName.of(wanted, names)
                    .map(name -> "; did you mean " + name + "?")
                    .orElse(".");
            throw new TypeConversionException("unknown " + kind + " '" + text + "'" + question + " The " + kind
                    + "s are " + String.join(", ", names));
        };
    }
}
