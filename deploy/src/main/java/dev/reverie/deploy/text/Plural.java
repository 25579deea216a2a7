package dev.reverie.deploy.text;

import java.util.Locale;

/** Formats counts with their nouns, for example {@code 1 class} or {@code 2,000 classes}. */
public final class Plural {

    private Plural() {}

    /** Formats a count of a noun whose plural adds an s, for example {@code of(2, "image")}. */
    public static String of(long count, String noun) {
        return of(count, noun, noun + "s");
    }

    /** Formats a count of a noun with any other plural, for example {@code of(2, "class", "classes")}. */
    public static String of(long count, String singular, String plural) {
        return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? singular : plural);
    }
}
