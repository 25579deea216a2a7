package dev.reverie.streams.service;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/**
 * The readiness of a service, which is ready if every check passed.
 *
 * @param checks all checks
 */
@JsonPropertyOrder({"ready", "checks"})
public record Readiness(List<Check> checks) {

    public Readiness {
        checks = List.copyOf(checks);
    }

    /**
     * The result of one check.
     *
     * @param name for example {@code store} or {@code worker}
     * @param detail in one sentence
     */
    public record Check(String name, boolean passed, String detail) {}

    @JsonProperty("ready")
    public boolean ready() {
        return checks.stream().allMatch(Check::passed);
    }
}
