package dev.reverie.gpu.method;

/** The limits that several settings have in common. */
final class SettingsRules {

    private SettingsRules() {}

    static void requireMomentum(double momentum) {
        if (!(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException("the momentum must be at least 0 and below 1, got " + momentum);
        }
    }

    static void atLeast(int least, int value, String name) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", got " + value);
        }
    }
}
