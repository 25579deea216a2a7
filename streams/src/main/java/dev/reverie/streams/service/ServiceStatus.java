package dev.reverie.streams.service;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.Optional;

/**
 * Totals of a running service.
 *
 * @param samples accepted over the life of the store, without duplicates
 * @param innerLoops over the life of the store
 * @param outerIterations over the life of the store
 * @param uptime of this process
 * @param worker state of the worker, for example {@code matching}, {@code idle} or {@code unavailable: no CUDA device}
 * @param accuracy of the last evaluation of the memory; empty before the first
 */
public record ServiceStatus(
        long samples,
        int classes,
        long innerLoops,
        long outerIterations,
        @JsonProperty("uptime_seconds") Duration uptime,
        String worker,
        @JsonProperty("held_out") Optional<HeldOutAccuracy> accuracy) {}
