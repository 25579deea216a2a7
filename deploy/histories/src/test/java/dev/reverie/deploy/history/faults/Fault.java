package dev.reverie.deploy.history.faults;

import java.util.Set;

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
    /** The test fills the file system of the store, and later makes room again. */
    DISK_FULL,
    /** The test lets the device below the file system of the store fail to write, and later lets it write again. */
    DISK_ERROR,
    /** The test cuts the power of the disk of the store, kills the process with SIGKILL, and restores the power. */
    POWER_CUT,
    /** The test kills all processes of the database server with SIGKILL, and starts the server again. */
    DATABASE_KILL,
    /** The test shuts the database server down immediately, and starts it again. */
    DATABASE_SHUTDOWN;

    /** Failpoints at which it matters whether the disk can be written to. */
    private static final Set<Failpoint> WRITES =
            Set.of(Failpoint.BEFORE_COMMIT, Failpoint.IN_COMPACTION, Failpoint.BEFORE_ERASE, Failpoint.BEFORE_RECOVERY);

    /** Whether the process does not survive. */
    public boolean isDeadly() {
        return this == KILL || this == FREEZE || this == POWER_CUT;
    }

    /** Whether a service may fail to start because of the fault. */
    public boolean canPreventStart() {
        return this != DELAY && this != STOP;
    }

    /** Whether the test acts on the database server. */
    public boolean isOfServer() {
        return this == DATABASE_KILL || this == DATABASE_SHUTDOWN;
    }

    /** Whether the test acts on the disk of the store, which needs a disk of its own. */
    public boolean isOfDisk() {
        return this == DISK_FULL || this == DISK_ERROR || this == POWER_CUT;
    }

    /** Whether the fault can occur at this failpoint. */
    public boolean fits(Failpoint failpoint) {
        return switch (this) {
            case ERROR -> failpoint.canFail();
            case FULL -> failpoint == Failpoint.BEFORE_COMMIT;
            case DISK_FULL, DISK_ERROR -> WRITES.contains(failpoint);
            case DATABASE_KILL, DATABASE_SHUTDOWN -> !failpoint.isOfFolderOnly();
            default -> true;
        };
    }
}
