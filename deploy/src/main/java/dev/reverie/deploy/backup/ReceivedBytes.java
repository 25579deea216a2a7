package dev.reverie.deploy.backup;

import dev.reverie.actors.backup.BackupException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.commons.io.input.TeeInputStream;

/**
 * Copies all bytes that arrive over a connection to another stream. A failure of the connection is a
 * {@link BackupException}; a failure of the copy stays an {@link IOException}.
 */
final class ReceivedBytes extends TeeInputStream {

    ReceivedBytes(InputStream connection, OutputStream copy) {
        super(connection, copy);
    }

    @Override
    protected void handleIOException(IOException failure) {
        throw new BackupException("the backup is not complete: " + failure.getMessage(), failure);
    }
}
