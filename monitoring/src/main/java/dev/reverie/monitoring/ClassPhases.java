package dev.reverie.monitoring;

import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Counts classes by the phase of their life. Not thread safe. */
final class ClassPhases {

    /** Phases that the telemetry of a batch run tells apart. */
    enum Phase {
        /** Has real images, but no synthetic ones yet. */
        COLLECTING,
        /** Has synthetic images that are being learned. */
        DISTILLING;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Map<Integer, Phase> phases = new HashMap<>();

    void set(int label, Phase phase) {
        phases.put(label, phase);
    }

    int count(Phase phase) {
        return Collections.frequency(phases.values(), phase);
    }
}
