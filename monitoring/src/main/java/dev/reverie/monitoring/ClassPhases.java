package dev.reverie.monitoring;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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
    private final Map<Phase, Integer> counts = new EnumMap<>(Phase.class);

    void set(int label, Phase phase) {
        Optional.ofNullable(phases.put(label, phase)).ifPresent(earlier -> counts.merge(earlier, -1, Integer::sum));
        counts.merge(phase, 1, Integer::sum);
    }

    int count(Phase phase) {
        return counts.getOrDefault(phase, 0);
    }
}
