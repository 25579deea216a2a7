package dev.reverie.actors.backup;

/** Thrown when a backup cannot be taken, read or restored; the message gives the reason and says what to do. */
public final class BackupException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public BackupException(String message) {
        super(message);
    }

    public BackupException(String message, Throwable cause) {
        super(message, cause);
    }
}
