package dev.reverie.client;

import java.time.Duration;
import java.util.List;
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
 * @param refused what the node that answers has refused in the last hour, most samples first
 */
public record ServiceStatus(
        long samples,
        int classes,
        long innerLoops,
        long outerIterations,
        Duration uptime,
        String worker,
        Optional<HeldOutAccuracy> accuracy,
        List<Refusals> refused) {

    public ServiceStatus {
        refused = List.copyOf(refused);
    }

    /**
     * The samples that one ingest source has refused for one reason in the last hour, with the last example.
     *
     * @param source {@code http}, {@code kafka} or {@code file}
     * @param reason mostly the last part of the problem type, for example {@code image-invalid}
     * @param origin the label over HTTP, the path of a file or the place of a Kafka record, if known
     * @param detail what is wrong and what to do about it
     */
    public record Refusals(String source, String reason, long samples, Optional<String> origin, String detail) {}
}
