package dev.reverie.streams.runtime;

import dev.reverie.actors.cluster.ClusterSettings;
import dev.reverie.actors.evaluation.EvaluationPolicy;
import dev.reverie.actors.intake.IntakeLimits;
import dev.reverie.actors.loop.SteadyClock;
import dev.reverie.actors.service.MemoryBudget;
import dev.reverie.actors.service.ServicePolicy;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.TargetSize;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.streams.service.IngestListener;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The configuration and dependencies of a service.
 *
 * @param store an open store; it is closed once the service has stopped
 * @param settings returns the settings for images of a given shape; the number of outer iterations is ignored
 * @param budget limits what the classes store and says how it is coded; its images per class must equal those of the
 *     settings
 * @param size size to which the ingest sources resize all images; if empty, all must have the size of the first one
 * @param channels channels of the images of a new service, 1 (grey) or 3; if empty, those of its first image
 * @param evaluation policy for evaluating the memory; if empty, the memory is not evaluated
 * @param engines creates the engines of the worker, on the worker's thread
 * @param clock tells when something happened
 * @param nanos measures durations, in nanoseconds, and never goes back, as {@link System#nanoTime}
 * @param listeners listeners that receive every event, in the order of this list, from one thread
 * @param listener receives every delivery of an ingest source
 * @param cluster how this process takes part in a cluster; empty if the service is a single process
 */
public record ServiceRequest(
        Store store,
        Function<ImageShape, DistillationSettings> settings,
        ServicePolicy policy,
        MemoryBudget budget,
        IntakeLimits limits,
        Optional<TargetSize> size,
        OptionalInt channels,
        Optional<EvaluationPolicy> evaluation,
        EngineFactory engines,
        InstantSource clock,
        LongSupplier nanos,
        List<TelemetryListener> listeners,
        IngestListener listener,
        Optional<ClusterNode> cluster) {

    public ServiceRequest {
        listeners = List.copyOf(listeners);
    }

    /**
     * How a service takes part in a cluster.
     *
     * @param version version of the program, for example {@code 0.1.0}
     * @param agreement settings that must be the same on every node, by key
     */
    public record ClusterNode(ClusterSettings settings, String version, Map<String, String> agreement) {
        public ClusterNode {
            agreement = Map.copyOf(agreement);
        }
    }

    SteadyClock steadyClock() {
        return new SteadyClock(clock, nanos);
    }

    /** Returns the multi-formation factor for images of a given shape. */
    int factor(ImageShape shape) {
        return settings.apply(shape).factor();
    }
}
