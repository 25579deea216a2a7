package dev.reverie.deploy.history.rounds;

import dev.reverie.deploy.history.faults.Fault;
import java.io.IOException;
import java.nio.file.Path;

/** A mounted file system on whose disk faults occur. */
interface FaultyDisk extends AutoCloseable {

    /** The folder of the file system. */
    Path folder();

    /** Whether a fault can occur here. */
    boolean has(Fault fault);

    void begin(Fault fault);

    /** Ends the faults that have begun. */
    void end() throws IOException;

    @Override
    void close() throws IOException;
}
