package dev.reverie.deploy.history.faults;

/** What happens at a failpoint. */
public enum Fault {
    /** The process ends at once, like by SIGKILL. */
    KILL,
    /** The thread stops for ever; the test then kills the process with SIGKILL, while its other threads run. */
    FREEZE,
    /** The test stops the process with SIGSTOP, and later continues it with SIGCONT. */
    STOP,
    /** The thread goes on after {@link FaultControl#DELAY}. */
    DELAY,
    /** One error is thrown. */
    ERROR,
    /** Errors are thrown as on a full disk, until the test takes them back. */
    FULL,
    /** The test kills the database server, and starts it again. */
    DATABASE_KILL;

    /** Whether the process does not survive. */
    public boolean isDeadly() {
        return this == KILL || this == FREEZE;
    }

    /** Whether the fault can occur at this failpoint. */
    public boolean fits(Failpoint failpoint) {
        return switch (this) {
            case ERROR -> failpoint.canFail();
            case FULL -> failpoint == Failpoint.FILE_WRITE;
            case DATABASE_KILL -> !failpoint.isOfH2Only();
            default -> true;
        };
    }
}
