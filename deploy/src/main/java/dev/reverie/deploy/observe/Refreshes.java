package dev.reverie.deploy.observe;

import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.ClassPhaseChanged;
import dev.reverie.actors.telemetry.TelemetryEvent.RepresentativesChosen;
import dev.reverie.actors.telemetry.TelemetryListener;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** When the representatives of each class were last chosen, as far as telemetry told. Thread safe. */
final class Refreshes implements TelemetryListener {

    private final InstantSource clock;
    private final Map<Integer, Instant> latest = new ConcurrentHashMap<>();

    Refreshes(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void on(TelemetryEvent event) {
        switch (event) {
            case RepresentativesChosen chosen -> latest.put(chosen.label(), clock.instant());
            case ClassPhaseChanged changed when changed.phase().isEmpty() -> latest.remove(changed.label());
            default -> {}
        }
    }

    /** Of the class with that index. */
    Optional<Instant> latest(int label) {
        return Optional.ofNullable(latest.get(label));
    }
}
