package dev.reverie.actors.intake;

import dev.reverie.actors.ThrottledWarning;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.store.StoreFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The failures of a class, from the reports of its actor. Not thread safe. */
final class ClassFailures {

    /** For how long after a failure a class that has recovered counts as failing, unless it stores samples sooner. */
    private static final Duration FAILING_AFTER_RECOVERY = Duration.ofSeconds(30);

    private final ThrottledWarning warning = new ThrottledWarning();
    private Optional<ClassReport.Failed> current = Optional.empty();
    private Optional<Instant> lastAt = Optional.empty();

    /**
     * Adds a failure.
     *
     * @return whether to tell the user: of the first failure of a kind, and then of ever fewer while the class fails
     */
    boolean add(ClassReport.Failed failure, Instant now) {
        if (!isFailing(now)) {
            warning.reset();
        }
        current = Optional.of(failure);
        lastAt = Optional.of(now);
        return warning.isDue(failure.failure());
    }

    /** Notes that the class has recovered. */
    void onRecovered() {
        current = Optional.empty();
    }

    /** Notes that the class has stored samples. */
    void onSamplesStored() {
        lastAt = Optional.empty();
    }

    /** The failure from which the class has not recovered. */
    Optional<ClassReport.Failed> current() {
        return current;
    }

    /** Whether the class has failed since it last stored samples, even if long ago. */
    boolean any() {
        return current.isPresent() || lastAt.isPresent();
    }

    boolean isDamage() {
        return current.filter(report -> report.failure() == StoreFailure.DAMAGED)
                .isPresent();
    }

    /**
     * Whether the class cannot use the store, or could not use it recently. A recovery only reads from the store; only
     * newly stored samples show that the class can write again.
     *
     * @param now the current time; the clock may have been set since the failure
     */
    boolean isFailing(Instant now) {
        return current.isPresent()
                || lastAt.filter(at -> Duration.between(at, now).abs().compareTo(FAILING_AFTER_RECOVERY) < 0)
                        .isPresent();
    }
}
