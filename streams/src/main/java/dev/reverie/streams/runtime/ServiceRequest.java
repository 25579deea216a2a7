package dev.reverie.streams.runtime;

import dev.reverie.actors.evaluation.EvaluationPolicy;
import dev.reverie.actors.intake.IntakeLimits;
import dev.reverie.actors.service.MemoryBudget;
import dev.reverie.actors.service.ServicePolicy;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.DistillationSettings;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a service is started with.
 *
 * @param store open; closed by the service when it has stopped
 * @param settings of images of a shape; the number of outer iterations means nothing here
 * @param budget of synthetic images; of its images per class, as many as in the settings
 * @param evaluation how the memory is evaluated, if it is
 * @param engines makes the worker's engines, on the worker's thread
 * @param clock of all durations
 * @param listeners get every event, in this order, from one thread
 */
public record ServiceRequest(
        Store store,
        Function<ImageShape, DistillationSettings> settings,
        ServicePolicy policy,
        MemoryBudget budget,
        IntakeLimits limits,
        Optional<EvaluationPolicy> evaluation,
        EngineFactory engines,
        InstantSource clock,
        List<TelemetryListener> listeners) {

    public ServiceRequest {
        listeners = List.copyOf(listeners);
    }

    /** Of multi-formation, for images of a shape. */
    int factor(ImageShape shape) {
        return settings.apply(shape).factor();
    }
}
