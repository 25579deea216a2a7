package dev.reverie.streams.service;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.reverie.streams.decode.SafeExcerpt;
import java.util.List;

/** The readiness of a service. The service is ready if every check passes. */
@JsonPropertyOrder({"ready", "checks"})
public record Readiness(List<Check> checks) {

    public Readiness {
        checks = List.copyOf(checks);
    }

    /**
     * The result of one check.
     *
     * @param name name of the check, for example {@code store} or {@code worker}
     * @param detail result of the check, in a few words; a longer text is shortened. Empty if it is not shown
     */
    public record Check(
            String name,
            boolean passed,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) String detail) {

        private static final int MAX_DETAIL = 1000;

        public Check {
            detail = SafeExcerpt.of(detail, MAX_DETAIL);
        }
    }

    @JsonProperty("ready")
    public boolean ready() {
        return checks.stream().allMatch(Check::passed);
    }

    /** Returns the results without their details, which may name classes, folders and servers. */
    public Readiness withoutDetails() {
        return new Readiness(checks.stream()
                .map(check -> new Check(check.name(), check.passed(), ""))
                .toList());
    }
}
