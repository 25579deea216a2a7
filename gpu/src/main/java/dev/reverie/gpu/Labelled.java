package dev.reverie.gpu;

/** A value that users choose by name, on the command line and in the configuration. */
public interface Labelled {

    /** Returns the name as users write it and results show it. */
    String label();
}
