package dev.reverie.deploy.serve;

import dev.reverie.deploy.config.ReloadableValue;
import dev.reverie.deploy.config.ReloadableValue.Outcome;
import java.util.Optional;

/** Logs what becomes of the files of one part of a service's settings. Not thread safe. */
final class ReloadedPart {

    private final String name;
    private final ReloadableValue<?> files;
    private final ServiceLog log;
    /** The failure of the last reading; empty if it succeeded. */
    private Optional<String> failing = Optional.empty();
    /** The failure that was logged last; empty after a reading that succeeded. */
    private Optional<String> logged = Optional.empty();

    /**
     * Creates a part.
     *
     * @param name noun for the log, for example {@code tokens}
     */
    ReloadedPart(String name, ReloadableValue<?> files, ServiceLog log) {
        this.name = name;
        this.files = files;
        this.log = log;
    }

    String name() {
        return name;
    }

    /** Reads the files if they have changed; logs a failure once, when it occurs for the second time in a row. */
    void check() {
        Outcome outcome = files.refresh();
        if (outcome instanceof Outcome.Failed(String reason) && failing.equals(Optional.of(reason))) {
            warn(reason);
        }
        settle(outcome);
    }

    /** Reads the files; logs a failure at once, and again at each call. */
    Outcome reload() {
        Outcome outcome = files.reread();
        if (outcome instanceof Outcome.Failed(String reason)) {
            logged = Optional.empty();
            warn(reason);
        }
        settle(outcome);
        return outcome;
    }

    private void settle(Outcome outcome) {
        switch (outcome) {
            case Outcome.Failed(String reason) -> failing = Optional.of(reason);
            case Outcome.Unchanged _ -> recover();
            case Outcome.Reloaded _ -> {
                recover();
                log.say("reloaded the " + name);
            }
        }
    }

    private void recover() {
        failing = Optional.empty();
        logged = Optional.empty();
    }

    private void warn(String reason) {
        if (!logged.equals(Optional.of(reason))) {
            logged = Optional.of(reason);
            log.warn("cannot reload the " + name + ", so nothing changes until this is mended: " + reason);
        }
    }
}
