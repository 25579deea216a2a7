package dev.reverie.streams.service;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.reverie.actors.telemetry.TelemetryEvent.MemoryEvaluated;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Totals of a running service.
 *
 * @param samples number of durable samples of all current classes, without duplicates
 * @param innerLoops number of inner loops completed over the life of the store
 * @param outerIterations number of outer iterations completed over the life of the store
 * @param worker state of the worker, for example {@code matching}, {@code idle} or {@code unavailable: no CUDA device}
 * @param accuracy result of the last evaluation of the memory; empty before the first evaluation in this process
 * @param footprint what the images take; empty while the shape of the images is unknown
 */
public record ServiceStatus(
        long samples,
        int classes,
        long innerLoops,
        long outerIterations,
        @JsonProperty("uptime_seconds") Duration uptime,
        String worker,
        @JsonProperty("held_out") Optional<HeldOutAccuracy> accuracy,
        Optional<Footprint> footprint) {

    /**
     * The held-out accuracy of a memory: an evaluation network is trained only on a copy of the memory and classifies
     * real images that were set aside and never learned from.
     *
     * @param accuracy mean accuracy of the tested classes, in [0, 1]
     * @param memoryClasses number of classes of the memory, tested or not
     * @param taken time at which the copy of the memory was made
     * @param tested time at which the evaluation ended
     * @param age time since the copy of the memory was made
     */
    public record HeldOutAccuracy(
            double accuracy,
            int images,
            int classes,
            int memoryClasses,
            Instant taken,
            Instant tested,
            @JsonProperty("age_seconds") Duration age) {

        public static HeldOutAccuracy of(MemoryEvaluated evaluated, Instant now) {
            Duration age = Duration.between(evaluated.taken(), now);
            return new HeldOutAccuracy(
                    evaluated.accuracy(),
                    evaluated.images(),
                    evaluated.accuracies().size(),
                    evaluated.memoryClasses(),
                    evaluated.taken(),
                    evaluated.ended(),
                    age.isNegative() ? Duration.ZERO : age); // the clock may have been set back
        }
    }

    /**
     * The memory that the images of a service take, and the time of its inner loops.
     *
     * @param imageBytes size of a real image, in bytes
     * @param factor multi-formation factor of the stored images
     * @param classBytes heap memory for the learned images of one class, in bytes
     * @param maxClasses maximum number of classes with such images
     * @param processBytes estimate of the most memory that the process takes on CPUs, in bytes
     * @param loopSeconds mean time of the last inner loops that matched a class; empty before the first one in this
     *     process
     * @param convergenceSeconds least time until all classes have converged, at this pace; empty if no class is
     *     learning, or the pace is unknown
     */
    public record Footprint(
            int imageBytes,
            int factor,
            long classBytes,
            int maxClasses,
            long processBytes,
            OptionalDouble loopSeconds,
            OptionalDouble convergenceSeconds) {}
}
