package dev.reverie.streams.service;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/**
 * The readiness of a service. The service is ready if every check passes.
 *
 * @param checks results of all checks
 */
@JsonPropertyOrder({"ready", "checks"})
public record Readiness(List<Check> checks) {

    public Readiness {
        checks = List.copyOf(checks);
    }

    /**
     * The result of one check.
     *
     * @param name name of the check, for example {@code store} or {@code worker}
     * @param detail result of the check, in a few words
     */
    public record Check(String name, boolean passed, String detail) {}

    @JsonProperty("ready")
    public boolean ready() {
        return checks.stream().allMatch(Check::passed);
    }
}
