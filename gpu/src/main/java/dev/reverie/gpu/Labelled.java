package dev.reverie.gpu;

import java.util.Locale;

/** A constant that users choose by name, on the command line and in the configuration. */
public interface Labelled {

    /** The name of the constant. */
    String name();

    /**
     * Returns the name as users write it and results show it: by default, that of the constant in lower case with
     * hyphens.
     */
    default String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
