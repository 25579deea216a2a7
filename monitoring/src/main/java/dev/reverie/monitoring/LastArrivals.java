package dev.reverie.monitoring;

import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Remembers when this process last accepted samples of each class, until the class is forgotten. Thread safe. */
public final class LastArrivals implements TelemetryListener {

    private final Map<String, Instant> latest = new ConcurrentHashMap<>();
    private final InstantSource clock;

    /** Creates an instance without arrivals. */
    public LastArrivals(InstantSource clock) {
        this.clock = clock;
    }

    /** Notes that samples of these classes were accepted now. */
    public void arrived(Collection<String> labels) {
        Instant now = clock.instant();
        labels.forEach(label -> latest.put(label, now));
    }

    @Override
    public void on(TelemetryEvent event) {
        if (event instanceof TelemetryEvent.ClassPhaseChanged changed
                && changed.phase().isEmpty()) {
            latest.remove(changed.name());
        }
    }

    /** Returns when this process last accepted samples of a class; empty if it has accepted none. */
    public Optional<Instant> of(String label) {
        return Optional.ofNullable(latest.get(label));
    }
}
