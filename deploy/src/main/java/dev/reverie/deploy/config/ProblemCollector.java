package dev.reverie.deploy.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Collects the problems of several readings, so that one pass reports all of them. Not thread safe. */
final class ProblemCollector {

    private final List<String> found = new ArrayList<>();

    /** Returns what a reading returns, or collects its problems and returns an empty value. */
    <T> Optional<T> collect(Supplier<T> reading) {
        try {
            return Optional.of(reading.get());
        } catch (ConfigurationException e) {
            found.addAll(e.problems());
            return Optional.empty();
        }
    }

    /** Runs a check, or collects its problems. */
    void check(Runnable check) {
        try {
            check.run();
        } catch (ConfigurationException e) {
            found.addAll(e.problems());
        }
    }

    /**
     * Reports the problems.
     *
     * @throws ConfigurationException if there are any
     */
    void throwIfAny() {
        if (!found.isEmpty()) {
            throw new ConfigurationException(found);
        }
    }
}
