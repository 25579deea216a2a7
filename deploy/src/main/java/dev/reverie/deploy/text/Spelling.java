package dev.reverie.deploy.text;

import dev.reverie.gpu.Labelled;
import java.util.Locale;

/**
 * How users write the constants of an enum, on the command line and in the configuration, and how results show them.
 */
public final class Spelling {

    private Spelling() {}

    /** Returns the label of a constant, or else its name in lower case with hyphens. */
    public static String of(Enum<?> constant) {
        return constant instanceof Labelled labelled
                ? labelled.label()
                : constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
