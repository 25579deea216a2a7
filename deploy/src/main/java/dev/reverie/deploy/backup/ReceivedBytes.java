package dev.reverie.deploy.backup;

import dev.reverie.actors.backup.BackupException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.commons.io.input.TeeInputStream;

/** Writes all bytes that arrive over a connection to another stream, too. Tells failures of the two apart. */
final class ReceivedBytes extends TeeInputStream {

    ReceivedBytes(InputStream connection, OutputStream copy) {
        super(connection, copy);
    }

    @Override
    protected void handleIOException(IOException failure) {
        throw new BackupException("the backup is not complete: " + failure.getMessage(), failure);
    }
}
