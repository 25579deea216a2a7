package dev.reverie.actors.registry;

import java.util.regex.Pattern;

/** The rules for labels, which name classes. */
public final class Labels {

    /** The metrics use this label for all classes that share a series. */
    public static final String RESERVED = "__other__";

    /** Forbids spaces at either end, and labels that consist of dots only, which could not be part of a path. */
    private static final Pattern LABEL =
            Pattern.compile("(?!\\.+$)[\\p{L}\\p{N}_.-](?:[\\p{L}\\p{M}\\p{N}_. -]*[\\p{L}\\p{M}\\p{N}_.-])?");

    private Labels() {}

    /** Whether a text can name a class. Each service also has a maximum length. */
    public static boolean isLabel(String text) {
        return LABEL.matcher(text).matches() && !text.equals(RESERVED);
    }
}
