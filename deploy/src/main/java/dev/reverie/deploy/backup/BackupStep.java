package dev.reverie.deploy.backup;

/** A step of a task with backups, and its part of the bar. */
enum BackupStep {
    /** The only step. */
    ONLY("", 0, 1),
    /** What precedes the steps that the bar shows. */
    PREPARING("", 0, 0),
    COPYING("copied ", 0, 0.5),
    VERIFYING("verified ", 0.5, 1);

    private final String done;
    private final double from;
    private final double to;

    BackupStep(String done, double from, double to) {
        this.done = done;
        this.from = from;
        this.to = to;
    }

    /** The word before what has been done, with a space; may be empty. */
    String done() {
        return done;
    }

    /** The fraction of the task that is finished when a part of the step is. */
    double fraction(long finished, long total) {
        return from + (to - from) * (total > 0 ? Math.min(1, (double) finished / total) : 1);
    }
}
