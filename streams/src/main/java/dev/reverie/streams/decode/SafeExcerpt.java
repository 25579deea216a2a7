package dev.reverie.streams.decode;

import dev.reverie.actors.registry.Labels;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Shortens untrusted text for messages and escapes its invisible characters, including line breaks. */
public final class SafeExcerpt {

    private static final Predicate<String> IS_INVISIBLE =
            Pattern.compile("[" + Labels.INVISIBLE + "\\p{Co}\\p{Cn}]").asMatchPredicate();
    private static final int MAX_QUOTED = 40;
    private static final int MAX_LINE = 400;

    private SafeExcerpt() {}

    /** Returns the first 40 code points of a text in single quotes, with invisible ones escaped. */
    public static String quoted(String text) {
        return "'" + of(text, MAX_QUOTED) + "'";
    }

    /** Returns a path, or the error of an operation on it, as text for one line of a log. */
    public static String line(Object pathOrError) {
        return of(pathOrError.toString(), MAX_LINE);
    }

    /**
     * Returns the first {@code maxLength} code points of a text, with invisible ones escaped; an ellipsis marks a
     * shortened text.
     */
    public static String of(String text, int maxLength) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(maxLength).forEach(codePoint -> {
            if (IS_INVISIBLE.test(Character.toString(codePoint))) {
                shown.append("\\u%04x".formatted(codePoint));
            } else {
                shown.appendCodePoint(codePoint);
            }
        });
        return text.codePoints().skip(maxLength).findAny().isPresent()
                ? shown.append('…').toString()
                : shown.toString();
    }
}
