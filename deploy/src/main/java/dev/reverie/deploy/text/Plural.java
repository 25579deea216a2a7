package dev.reverie.deploy.text;

import java.util.Locale;

/** Counts things in words: {@code 1 class}, {@code 2,000 classes}. */
public final class Plural {

    private Plural() {}

    /** Formats a count whose noun takes an s, for example {@code of(2, "image")}. */
    public static String of(long count, String noun) {
        return of(count, noun, noun + "s");
    }

    /** Formats a count whose noun has another plural, for example {@code of(2, "class", "classes")}. */
    public static String of(long count, String singular, String plural) {
        return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? singular : plural);
    }
}
