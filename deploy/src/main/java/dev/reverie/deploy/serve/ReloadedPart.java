package dev.reverie.deploy.serve;

import dev.reverie.deploy.config.ReloadableFile;
import dev.reverie.deploy.config.ReloadableFile.Outcome;

/** Logs what becomes of the files of one part of a service's settings. Not thread safe. */
final class ReloadedPart {

    private static final String NONE = "";

    private final String name;
    private final ReloadableFile<?> files;
    private final ServiceLog log;
    /** The failure of the last reading, or an empty text. */
    private String failing = NONE;
    /** The failure that was logged last, or an empty text. */
    private String logged = NONE;

    /**
     * Creates a part.
     *
     * @param name noun for the log, for example {@code tokens}
     */
    ReloadedPart(String name, ReloadableFile<?> files, ServiceLog log) {
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
        if (outcome instanceof Outcome.Failed(String reason) && reason.equals(failing)) {
            warn(reason);
        }
        settle(outcome);
    }

    /** Reads the files; logs a failure at once, and again at each call. */
    Outcome reload() {
        Outcome outcome = files.reread();
        if (outcome instanceof Outcome.Failed(String reason)) {
            logged = NONE;
            warn(reason);
        }
        settle(outcome);
        return outcome;
    }

    private void settle(Outcome outcome) {
        switch (outcome) {
            case Outcome.Failed(String reason) -> failing = reason;
            case Outcome.Unchanged _ -> recover();
            case Outcome.Reloaded _ -> {
                recover();
                log.say("reloaded the " + name);
            }
        }
    }

    private void recover() {
        failing = NONE;
        logged = NONE;
    }

    private void warn(String reason) {
        if (!reason.equals(logged)) {
            logged = reason;
            log.warn("cannot reload the " + name + ", so nothing changes until this is mended: " + reason);
        }
    }
}
