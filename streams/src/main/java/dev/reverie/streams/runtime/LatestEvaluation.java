package dev.reverie.streams.runtime;

import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.streams.service.ServiceStatus.HeldOutAccuracy;
import java.util.Optional;
import java.util.function.Supplier;

/** Stores the result of the last evaluation of the memory. Thread safe. */
final class LatestEvaluation implements TelemetryListener, Supplier<Optional<HeldOutAccuracy>> {

    private volatile Optional<HeldOutAccuracy> latest = Optional.empty();

    @Override
    public void on(TelemetryEvent event) {
        if (event instanceof TelemetryEvent.MemoryEvaluated evaluated) {
            latest = Optional.of(new HeldOutAccuracy(
                    evaluated.accuracy(),
                    evaluated.images(),
                    evaluated.accuracies().size(),
                    evaluated.memoryClasses(),
                    evaluated.taken(),
                    evaluated.ended()));
        }
    }

    @Override
    public Optional<HeldOutAccuracy> get() {
        return latest;
    }
}
