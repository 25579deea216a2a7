package dev.reverie.streams.decode;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Shortens untrusted text for messages and escapes its invisible characters, including line breaks. */
public final class SafeExcerpt {

    /** Letters and marks without a visible form that no script needs for its spelling, as a part of a regex class. */
    static final String IGNORABLE = "\\u034F\\u115F\\u1160\\u17B4\\u17B5\\u3164\\uFE00-\\uFE0F\\uFFA0";

    /** Invisible marks with which Mongolian letters and ideographs choose between their forms. */
    private static final String FORM_SELECTORS = "\\u180B-\\u180D\\u180F\\x{E0100}-\\x{E01EF}";

    private static final Predicate<String> IS_IGNORABLE =
            Pattern.compile("[" + IGNORABLE + FORM_SELECTORS + "]").asMatchPredicate();
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
            if (isVisible(codePoint)) {
                shown.appendCodePoint(codePoint);
            } else {
                shown.append("\\u%04x".formatted(codePoint));
            }
        });
        return text.codePoints().skip(maxLength).findAny().isPresent()
                ? shown.append('…').toString()
                : shown.toString();
    }

    private static boolean isVisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> !IS_IGNORABLE.test(Character.toString(codePoint));
        };
    }
}
