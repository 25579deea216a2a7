package dev.reverie.gpu.method;

/** The limits that several settings have in common. */
final class SettingsRules {

    private SettingsRules() {}

    static void positive(double value, String name) {
        if (!(value > 0 && Double.isFinite(value))) {
            throw new IllegalArgumentException(name + " must be positive, got " + value);
        }
    }

    static void notNegative(double value, String name) {
        if (!(value >= 0 && Double.isFinite(value))) {
            throw new IllegalArgumentException(name + " must be at least 0, got " + value);
        }
    }

    /** Requires the factor of an exponential decay, in [0, 1). */
    static void decayFactor(double value, String name) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " must be at least 0 and below 1, got " + value);
        }
    }

    static void atLeast(int least, int value, String name) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", got " + value);
        }
    }
}
