package dev.reverie.client;

import java.time.Duration;
import java.util.Optional;

/**
 * Totals of a service.
 *
 * @param samples number of durable samples of all current classes, without duplicates
 * @param innerLoops number of inner loops completed over the life of the store
 * @param outerIterations number of outer iterations completed over the life of the store
 * @param uptime time since the service started
 * @param worker state of the worker, for example {@code matching} or {@code idle}
 * @param accuracy result of the last evaluation of the memory; empty before the first evaluation since the start
 */
public record ServiceStatus(
        long samples,
        int classes,
        long innerLoops,
        long outerIterations,
        Duration uptime,
        String worker,
        Optional<HeldOutAccuracy> accuracy) {}
