package dev.reverie.streams.service;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.Optional;

/**
 * Totals of a running service.
 *
 * @param samples number of durable samples of all current classes, without duplicates
 * @param innerLoops number of inner loops completed over the life of the store
 * @param outerIterations number of outer iterations completed over the life of the store
 * @param uptime time since this process started
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

    /** A status without a footprint. */
    public ServiceStatus(
            long samples,
            int classes,
            long innerLoops,
            long outerIterations,
            Duration uptime,
            String worker,
            Optional<HeldOutAccuracy> accuracy) {
        this(samples, classes, innerLoops, outerIterations, uptime, worker, accuracy, Optional.empty());
    }
}
