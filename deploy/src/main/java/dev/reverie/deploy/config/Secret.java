package dev.reverie.deploy.config;

/** A text that is never printed. */
public record Secret(String value) {

    /** What stands in its place. */
    static final String HIDDEN = "(hidden)";

    @Override
    public String toString() {
        return HIDDEN;
    }
}
