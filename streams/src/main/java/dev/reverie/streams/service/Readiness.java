package dev.reverie.streams.service;

import java.util.List;

/**
 * Whether a service can do its work.
 *
 * @param checks every one that was made
 */
public record Readiness(List<Check> checks) {

    public Readiness {
        checks = List.copyOf(checks);
    }

    /**
     * One condition.
     *
     * @param name for example {@code store} or {@code worker}
     * @param detail in one sentence
     */
    public record Check(String name, boolean passed, String detail) {}

    public boolean ready() {
        return checks.stream().allMatch(Check::passed);
    }
}
