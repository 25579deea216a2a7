package dev.reverie.streams.decode;

/** Foreign text in our own sentences: short, in one line, visible. */
public final class SafeExcerpt {

    private static final int QUOTED = 40;

    private SafeExcerpt() {}

    /** The beginning of a text, in quotes. */
    public static String quoted(String text) {
        return "'" + of(text, QUOTED) + "'";
    }

    /** At most {@code longest} code points of a text; what cannot be shown, as its number. */
    public static String of(String text, int longest) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(longest).forEach(codePoint -> {
            if (isVisible(codePoint)) {
                shown.appendCodePoint(codePoint);
            } else {
                shown.append("\\u%04x".formatted(codePoint));
            }
        });
        return text.codePoints().skip(longest).findAny().isPresent()
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
            default -> true;
        };
    }
}
