package dev.reverie.deploy.config;

/** A string that is never printed. */
public record Secret(String value) {

    /** The text that is printed instead. */
    static final String HIDDEN = "(hidden)";

    @Override
    public String toString() {
        return HIDDEN;
    }
}
