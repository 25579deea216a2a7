package dev.reverie.gpu;

import java.util.Locale;

/** A constant that users know by a name: on the command line, in the configuration, in answers and in results. */
public interface Labelled {

    String name();

    /**
     * Returns the name as users write it and results show it: by default, that of the constant in lower case with
     * hyphens.
     */
    default String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
