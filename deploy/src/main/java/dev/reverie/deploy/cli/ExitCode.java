package dev.reverie.deploy.cli;

import dev.reverie.deploy.run.FatalExit;
import dev.reverie.deploy.run.InterruptSignal;

public final class ExitCode {

    /** The command succeeded. */
    public static final int DONE = 0;

    /** The input was valid, but the work failed, for example because a disk is full. */
    public static final int FAILED = FatalExit.EXIT_CODE;

    /** Wrong usage or unusable input. */
    public static final int WRONG_INPUT = 2;

    /** The user interrupted the command; the results so far are saved, unless a second Ctrl-C ended it at once. */
    public static final int INTERRUPTED = InterruptSignal.EXIT_CODE;

    private ExitCode() {}
}
